/**
 * The user's variables that a program needs to reach the network. No other variable of the user's environment is passed
 * on.
 */
const passedVariables = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/**
 * The environment of every program that ingot runs. It is fixed, so that the user's locale, time zone and settings do
 * not affect an image.
 */
export function fixedEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  for (const name of passedVariables) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** The user's variables by which git and ssh find the settings and the keys of this user. */
const ofUser = ['HOME', 'XDG_CONFIG_HOME', 'SSH_AUTH_SOCK'];

/** Returns those of the user's variables with which git fetches as this user does. */
export function userEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(ofUser.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
}
