import { expect, test } from '@jest/globals';
import { visibleFrame } from '../../src/message-log/visible-frame.ts';

test.each([
  ['[2,"a","ChangeConfiguration",{"key":"authorizationKEY","value":"secret"}]', /^(?!.*secret).*authorizationKEY/],
  ['[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":7777}]', /^(?!.*7777)/],
  ['[2, "a", "ChangeConfiguration", {"key":"HeartbeatInterval","value":"7"}]', /^\[2, "a",.*"7"/],
  ['[2,"a","ChangeConfiguration",{"key":{"toString":1,"valueOf":null},"value":"7"}]', /"toString":1.*"7"/],
  ['[2,"a","ChangeConfiguration",null]', /null/],
  ['[2,', /^\[2,$/],
])('%s', (text, shown) => {
  expect(visibleFrame(text).text).toMatch(shown);
});
