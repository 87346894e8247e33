import { ChargemeshError } from '@chargemesh/base';

/** The pieces of configuration that an address is made of. */
export interface CsmsAddress {
  /** CentralSystemURI: scheme and identity may be missing. */
  readonly uri: string;
  readonly identity: string;
  readonly securityProfile: number;
}

/**
 * The address to dial: scheme by the security profile where none is given, the identity as last segment, once.
 * @throws ChargemeshError `OCPP_CSMS_URI` where there is no address in it, or the scheme contradicts the profile
 * @see OCPP-J 1.6, 3.1.1 (the connection URL)
 */
export function csmsUrl({ uri, identity, securityProfile }: CsmsAddress): string {
  const fail = (why: string): never => {
    throw new ChargemeshError('OCPP_CSMS_URI', `CentralSystemURI "${uri}": ${why}`, { details: { uri, identity } });
  };
  if (uri.trim() === '') return fail('is empty');
  if (identity === '') return fail('ChargePointId is empty');
  if (identity.includes(':') && securityProfile > 0 && securityProfile < 3)
    return fail('ChargePointId holds a colon, which basic authentication cannot carry');
  const wanted = securityProfile >= 2 ? 'wss:' : 'ws:';
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(uri) ? uri : `${wanted}//${uri}`) ?? fail('is no address');
  if (url.protocol !== wanted)
    return fail(`security profile ${securityProfile} wants the scheme ${wanted.slice(0, -1)}`);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1);
  if (last === undefined || decoded(last) !== identity) segments.push(encodeURIComponent(identity));
  return `${url.protocol}//${url.host}/${segments.join('/')}${url.search}`;
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
