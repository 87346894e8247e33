/** What is used here of the package, which comes without types. */
declare module 'proxy-from-env' {
  /** @returns the proxy's address, empty where there is none */
  export function getProxyForUrl(url: URL | string): string;
}
