import { describe, expect, it } from 'vitest';
import { CaseId, SignalId } from '#domain/ids.ts';
import { executionName, parseExecutionName, parseSignalKey } from '#domain/signal/execution-name.ts';

const caseId = CaseId.parse('0392-2104-0123456789AB');
const signalId = SignalId.parse('0123456789ABCDEF-2104');
const FIRST = '0392-2104-0123456789AB_0123456789ABCDEF-2104';
const THIRD = `${FIRST}_3`;

describe('the name of an execution', () => {
  it('[R-FLO-1] is that of case and signal, with the round from the second on, and reads back', () => {
    expect(executionName({ caseId, signalId, round: 1 })).toBe(FIRST);
    expect(executionName({ caseId, signalId, round: 3 })).toBe(THIRD);
    expect(parseExecutionName(FIRST)).toEqual({ caseId, signalId, round: 1 });
    expect(parseExecutionName(THIRD)).toEqual({ caseId, signalId, round: 3 });
  });

  it('[R-FLO-1] started again by hand it is not mistaken for a later round', () => {
    expect(parseExecutionName(`${FIRST}_again`)).toEqual({ caseId, signalId, round: 1 });
    expect(parseExecutionName(`${THIRD}_again2`)).toEqual({ caseId, signalId, round: 3 });
  });

  it('[R-FLO-1] leads to the signal, as does its ARN and the signal id alone', () => {
    const arn = `arn:aws:states:eu-central-1:000000000000:execution:meldpunt-signal:${THIRD}`;
    expect(parseSignalKey(arn)).toEqual({ caseId, signalId, round: 3 });
    expect(parseSignalKey(` ${FIRST}\n`)).toEqual({ caseId, signalId, round: 1 });
    expect(parseSignalKey('0123456789ABCDEF-2104')).toEqual({ signalId });
  });

  it.each([
    '',
    'arn:',
    `${FIRST}_`,
    `${FIRST}_1`,
    `${FIRST}_0`,
    `${FIRST}_2_3`,
    `${FIRST}_2x`,
    `${FIRST}_again_2`,
    '0392-2104-0123456789AB',
    'P. de Vries',
  ])('[R-PRI-3] takes nothing else for one: %j', (text) => {
    expect(parseSignalKey(text)).toBeUndefined();
  });
});
