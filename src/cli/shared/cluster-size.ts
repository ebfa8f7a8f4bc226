import { InvalidArgumentError } from 'commander';
import { maxNodesOfRole } from '../../rehearse/place.ts';
import { readValue, withFallback } from '../record/option.ts';
import { wholeNumber } from '../record/readers.ts';

const count = wholeNumber(0, maxNodesOfRole);

function oddNumber(text: string): number {
  const number = count(text);
  if (number % 2 === 0)
    throw new InvalidArgumentError('It has to be an odd number, as a list of masters must have.');
  return number;
}

/** `--masters`: how many masters a rehearsal boots. */
export const mastersOption = withFallback(readValue('number', 'how many masters', oddNumber), 3);

/** `--slaves`: how many slaves a rehearsal boots. */
export const slavesOption = withFallback(readValue('number', 'how many slaves', count), 2);
