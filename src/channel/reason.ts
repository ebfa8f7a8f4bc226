/** Whether a text can be the reason of a revocation: one line of at most 500 characters. */
export const isReason = (text: string): boolean =>
  text.length > 0 && text.length <= 500 && !/\p{Cc}/u.test(text);
