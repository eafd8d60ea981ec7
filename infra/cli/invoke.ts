import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { Installation } from './installation.ts';

/** Invokes the function of an output; answers what it answered, or the name of what went wrong in it. */
export const invoke = async (
  { output, client }: Installation,
  name: string,
  input: unknown,
): Promise<{ readonly answer: unknown } | { readonly failure: string }> => {
  const { Payload, FunctionError } = await new LambdaClient(client).send(
    new InvokeCommand({ FunctionName: output(name), Payload: JSON.stringify(input) }),
  );
  const answer: unknown = JSON.parse(new TextDecoder().decode(Payload));
  if (FunctionError === undefined) return { answer };
  const failed = z.object({ errorType: z.string() }).safeParse(answer);
  return { failure: failed.success ? failed.data.errorType : FunctionError };
};
