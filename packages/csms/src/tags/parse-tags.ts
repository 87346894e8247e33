import { parseTimestamp } from '@chargemesh/base';
import { isMap, isScalar, LineCounter, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';
import { CsmsError } from '../csms-error.ts';
import { type AuthorizationStatus, type Tag, TagList } from './tag-list.ts';

const STATUSES: readonly AuthorizationStatus[] = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'];
/** The longest idTag of OCPP 1.6, in characters. */
const ID_LIMIT = 20;

type Fail = (
  node: { readonly range?: readonly [number, number, number] | null } | null | undefined,
  message: string,
) => never;

/**
 * Reads tags.yaml:
 * ```yaml
 * unknown: Invalid            # what is said of a card that is not below
 * tags:
 *   DEADBEEF: Accepted
 *   FLEET001: { status: Accepted, parent: FLEET }
 *   OLDCARD1: { status: Accepted, expires: 2024-12-31T23:59:59Z }
 *   ONEATIME: { status: Accepted, single: true }
 * ```
 * @param file the name that faults are reported under
 * @throws CsmsError `CSMS_TAGS_INVALID` with file, line and column
 */
export function parseTags(text: string, file = 'tags.yaml'): TagList {
  const lines = new LineCounter();
  // The failsafe schema leaves all scalars text: a card named 00123 or 1E5 is no number.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines });
  const failAt = (offset: number, message: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new CsmsError('CSMS_TAGS_INVALID', `${file}:${line}:${col}: ${message}`, { details: { file, line, col } });
  };
  const fail: Fail = (node, message) => failAt(node?.range?.[0] ?? 0, message);
  const [fault] = document.errors;
  if (fault !== undefined)
    failAt(fault.pos[0], fault.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML');
  const root: ParsedNode | null = document.contents;
  if (!isMap(root)) return fail(root, 'a mapping with "tags" is wanted');
  let unknown: AuthorizationStatus = 'Invalid';
  let tags: Tag[] = [];
  for (const [key, node, keyNode] of pairs(root, fail)) {
    if (key === 'unknown') unknown = readStatus(node, fail);
    else if (key === 'tags') tags = readTags(node, fail);
    else fail(keyNode, `"${key}" is not known; "tags" and "unknown" are`);
  }
  return new TagList(tags, unknown);
}

function readTags(node: unknown, fail: Fail): Tag[] {
  if (!isMap(node)) return fail(rangeOf(node), 'a mapping from card to status is wanted');
  const seen = new Map<string, string>();
  return pairs(node, fail).map(([id, value, keyNode]) => {
    const length = [...id].length;
    if (length === 0 || length > ID_LIMIT)
      fail(keyNode, `a card has 1 to ${ID_LIMIT} characters, "${id}" has ${length}`);
    const twin = seen.get(id.toLowerCase());
    if (twin !== undefined)
      fail(keyNode, `"${id}" is the same card as "${twin}" above: upper and lower case do not differ`);
    seen.set(id.toLowerCase(), id);
    return isMap(value) ? readTag(id, value, fail) : { id, status: readStatus(value, fail) };
  });
}

function readTag(id: string, node: YAMLMap, fail: Fail): Tag {
  let status: AuthorizationStatus = 'Accepted';
  let [parentIdTag, expiresMs, single]: [string?, number?, boolean?] = [];
  for (const [key, value, keyNode] of pairs(node, fail)) {
    const scalar = textOf(value);
    switch (key) {
      case 'status':
        status = readStatus(value, fail);
        break;
      case 'parent':
        if (scalar === undefined || scalar === '' || [...scalar].length > ID_LIMIT)
          fail(rangeOf(value), `a parent has 1 to ${ID_LIMIT} characters`);
        parentIdTag = scalar;
        break;
      case 'expires':
        expiresMs = parseTimestamp(scalar ?? '');
        if (expiresMs === undefined) fail(rangeOf(value), `"${scalar ?? ''}" is no time such as 2027-12-31T23:59:59Z`);
        break;
      case 'single':
        if (scalar !== 'true' && scalar !== 'false') fail(rangeOf(value), 'single is true or false');
        single = scalar === 'true';
        break;
      default:
        fail(keyNode, `"${key}" is not known; status, parent, expires and single are`);
    }
  }
  return {
    id,
    status,
    ...(parentIdTag === undefined ? {} : { parentIdTag }),
    ...(expiresMs === undefined ? {} : { expiresMs }),
    ...(single === undefined ? {} : { single }),
  };
}

function readStatus(node: unknown, fail: Fail): AuthorizationStatus {
  const text = textOf(node);
  const status = STATUSES.find((candidate) => candidate === text);
  return status ?? fail(rangeOf(node), `"${text ?? ''}" is no status: ${STATUSES.join(', ')} are`);
}

type Ranged = { readonly range?: readonly [number, number, number] | null };

function pairs(node: YAMLMap, fail: Fail): [string, unknown, Ranged][] {
  return node.items.map((pair) => {
    const key = isScalar(pair.key) ? pair.key : fail(node, 'a key is a text');
    return [String(key.value), pair.value, key];
  });
}

function textOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
}

function rangeOf(node: unknown): Ranged | null {
  return isScalar(node) || isMap(node) ? node : null;
}
