import { AwsError } from '../contract.ts';

/** Refuses, by name, a parameter that none of the patterns knows. */
export function only(params: URLSearchParams, known: readonly RegExp[]): void {
  for (const name of params.keys()) {
    if (name !== 'Action' && name !== 'Version' && !known.some((pattern) => pattern.test(name))) {
      throw new AwsError('InvalidParameterValue', `The local SES does not know ${params.get('Action')}.${name}`);
    }
  }
}

export function required(params: URLSearchParams, name: string): string {
  const value = params.get(name);
  if (value === null) throw new AwsError('ValidationError', `${name} is missing`);
  return value;
}

/** `<name>.member.1`, `.2` …, in order. */
export function list(params: URLSearchParams, name: string): string[] {
  const found: string[] = [];
  for (let i = 1; ; i++) {
    const value = params.get(`${name}.member.${i}`);
    if (value === null) return found;
    found.push(value);
  }
}

/** The message tags as `name=value`. */
export function tags(params: URLSearchParams): string[] {
  const found: string[] = [];
  for (let i = 1; params.has(`Tags.member.${i}.Name`); i++) {
    const pair = [required(params, `Tags.member.${i}.Name`), required(params, `Tags.member.${i}.Value`)];
    if (!pair.every((part) => /^[\w-]{1,256}$/.test(part))) {
      throw new AwsError(
        'InvalidParameterValue',
        `Tags.member.${i}: only ASCII letters, digits, _ and - may stand in a tag`,
      );
    }
    found.push(pair.join('='));
  }
  return found;
}
