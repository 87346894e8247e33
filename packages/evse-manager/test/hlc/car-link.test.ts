import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { CarLink, type CarLinkOptions } from '../../src/hlc/car-link.ts';

const card = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID' } as const;
const contract = { id_token: { value: 'DE1', type: 'eMAID' }, authorization_type: 'PlugAndCharge' } as const;
const result = (status: types.authorization.AuthorizationStatus, more: object = {}) => ({
  authorization_status: status,
  tariff_messages: [],
  ...more,
});

function linkWith(options: Partial<CarLinkOptions> = {}) {
  const done: string[] = [];
  const tokens: types.authorization.ProvidedIdToken[] = [];
  const world = { authorized: false };
  const link = new CarLink(
    {
      connectorId: 2,
      payment: { external: true, contract: true },
      certificates: { installation: false, centralValidation: false },
      autocharge: 'no',
      ...options,
    },
    {
      slac: {
        reset: () => done.push('reset'),
        enterBcd: () => done.push('enter'),
        leaveBcd: () => done.push('leave'),
      },
      hlc: {
        setup: () => done.push('setup'),
        sessionSetup: (payment) => done.push(`pay ${payment.join()}`),
        resetError: () => done.push('no error'),
        contactorClosed: (closed) => done.push(closed ? 'closed' : 'open'),
        stopCharging: (stop) => done.push(stop ? 'stop' : 'may charge'),
        linkReady: (ready) => done.push(`link ${ready}`),
        meter: () => done.push('meter'),
        maxCurrent: (currentA) => done.push(`${currentA} A`),
        authorization: (status, certificate) => done.push(`${status}/${certificate}`),
        fail: (error) => done.push(error),
      },
      isAuthorized: () => world.authorized,
      token: (token) => tokens.push(token),
    },
  );
  return { link, done, tokens, world };
}

describe('the modem', () => {
  test('looks for the car while one is plugged in, and not in E or F', () => {
    const { link, done } = linkWith();
    link.pilot('CarPluggedIn');
    expect(done).toEqual(['no error', 'open', 'may charge', 'enter']);
    done.length = 0;
    link.pilot('BCDtoEF');
    link.pilot('EFtoBCD');
    link.pilot('CarUnplugged');
    expect(done).toEqual(['leave', 'enter', 'leave']);
  });

  test('is reset when a car leaves that it was joined with', () => {
    const { link, done } = linkWith();
    link.slacState('MATCHED');
    link.pilot('CarUnplugged');
    expect(done).toEqual(['leave', 'reset']);
    link.pilot('CarUnplugged');
    expect(done).toEqual(['leave', 'reset', 'leave']);
    link.slacState('MATCHING');
    link.lookAnew();
    link.pilot('CarUnplugged');
    expect(done.slice(3)).toEqual(['reset', 'leave']);
  });
});

describe('a card', () => {
  test('that was there before the car asks is told at once', () => {
    const { link, done, world } = linkWith();
    world.authorized = true;
    link.waitsForCard();
    expect(done).toEqual(['Accepted/NoCertificateAvailable']);
  });

  test('that is awaited is told when it comes, and a refused one is not: another may come', () => {
    const { link, done } = linkWith();
    link.waitsForCard();
    expect(link.decided(card, result('Invalid'))).toBe(true);
    expect(done).toEqual([]);
    expect(link.decided(card, result('Accepted'))).toBe(true);
    expect(link.decided(card, result('Accepted'))).toBe(true);
    expect(done).toEqual(['Accepted/NoCertificateAvailable']);
  });

  test('counts for nothing while a contract is awaited', () => {
    const { link, done } = linkWith();
    link.waitsForContract(contract);
    expect(link.decided(card, result('Accepted'))).toBe(false);
    expect(done).toEqual([]);
  });
});

describe('a contract', () => {
  test('is presented as a token for this connector, and what was decided is told to the car', () => {
    const { link, done, tokens } = linkWith();
    link.waitsForContract(contract);
    expect(tokens).toEqual([{ ...contract, connectors: [2] }]);
    expect(link.decided(contract, result('Blocked', { certificate_status: 'CertificateRevoked' }))).toBe(true);
    expect(done).toEqual(['Blocked/CertificateRevoked']);
  });

  test('is accepted with its certificate where nobody says otherwise', () => {
    const { link, done } = linkWith();
    link.waitsForContract(contract);
    link.decided(contract, result('Accepted'));
    expect(done).toEqual(['Accepted/Accepted']);
  });

  test('is of no use where somebody is authorised already', () => {
    const { link, tokens, world } = linkWith();
    world.authorized = true;
    link.waitsForContract(contract);
    expect(tokens).toEqual([]);
  });
});

test('a car is known by the address of its modem where that is configured', () => {
  const { link, tokens } = linkWith({ autocharge: 'byModem' });
  link.address('00:1a:2B:3C:4D:5E', 'bySession');
  link.waitsForCard();
  expect(tokens).toEqual([]);
  link.address('00:1a:2B:3C:4D:5E', 'byModem');
  link.waitsForCard();
  expect(tokens).toEqual([
    { id_token: { value: 'VID:001A2B3C4D5E', type: 'MacAddress' }, authorization_type: 'Autocharge', connectors: [2] },
  ]);
  link.pilot('CarUnplugged');
  link.waitsForCard();
  expect(tokens).toHaveLength(1);
});

test('the ways to pay are told anew when a session or its authorisation changes', () => {
  const { link, done, world } = linkWith();
  link.begin();
  link.told('SessionStarted');
  world.authorized = true;
  link.told('Authorized');
  link.told('PrepareCharging');
  world.authorized = false;
  link.told('SessionFinished');
  const both = 'pay ExternalPayment,Contract';
  expect(done).toEqual(['setup', both, both, 'pay ExternalPayment', both]);
});

test('a car that waits in vain is told so', () => {
  const { link, done } = linkWith();
  link.told('PluginTimeout');
  expect(done).toEqual([]);
  link.waitsForCard();
  link.told('PluginTimeout');
  expect(done).toEqual(['Unknown/NoCertificateAvailable']);
});

test('a car that talks is asked to end, and hears of an emergency', () => {
  const { link, done } = linkWith();
  link.told('StoppingCharging');
  link.stopped('EmergencyStop');
  expect(done).toEqual([]);
  link.sessionSetUp();
  link.told('StoppingCharging');
  link.stopped('Local');
  link.stopped('EmergencyStop');
  link.stopped('PowerLoss');
  expect(done).toEqual(['stop', 'Error_EmergencyShutdown', 'Error_UtilityInterruptEvent']);
  link.linkEnded();
  link.told('StoppingCharging');
  expect(done).toHaveLength(3);
});
