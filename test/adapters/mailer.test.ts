import { SESClient } from '@aws-sdk/client-ses';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mailer } from '#adapters/ses/mailer.ts';

const mail = {
  to: 'team@elan-wonen.example.nl',
  subject: 'Uw bestand',
  text: 'Gelezen: 1',
  html: '<p>Gelezen: 1</p>',
  about: { owner: 'party#elan-wonen', kind: 'delivery' },
} as const;

/** Sends while SES answers with an error of this name. */
const sendUnder = (name: string): Promise<string> => {
  vi.spyOn(SESClient.prototype, 'send').mockImplementation(() => {
    throw Object.assign(new Error('quotes an address'), { name });
  });
  return mailer('meldpunt@example.nl', 'set').send(mail);
};

describe('[R-FEE-6] mail that SES does not take', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    'MessageRejected',
    'MailFromDomainNotVerifiedException',
    'AccountSendingPausedException',
    'ConfigurationSetDoesNotExist',
    'ConfigurationSetDoesNotExistException',
    'ConfigurationSetSendingPausedException',
    'InvalidParameterValue',
    'ValidationError',
  ])('%s is a value: trying again is of no use', async (name) => {
    expect(await sendUnder(name)).toBe('refused');
  });

  it.each(['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'LimitExceededException'])(
    '%s is for later',
    async (name) => {
      await expect(sendUnder(name)).rejects.toMatchObject({ name: 'TransientFailure', message: '' });
    },
  );

  it.each(['ServiceUnavailable', 'AccessDenied'])('%s is a failure of its own', async (name) => {
    await expect(sendUnder(name)).rejects.toMatchObject({ name });
  });
});
