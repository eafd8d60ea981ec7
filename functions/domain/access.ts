import { z } from 'zod';
import {
  type CaseId,
  type Instant,
  type IsoDate,
  type MunicipalityCode,
  type Period,
  type SignalId,
  WorkerId,
} from './ids.ts';

/** Who looks at the data of a person, and why, in their own words (R-PRI-2, R-PRI-5). One line, no control characters. */
export const Reading = z.strictObject({
  by: WorkerId,
  purpose: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{5,200}$/u),
});
export type Reading = z.infer<typeof Reading>;

/** What was read: a signal, or a worklist of one month or of every month that has open cases. */
export type Subject =
  | { readonly caseId: CaseId; readonly signalId: SignalId }
  | { readonly list: Period | 'OPEN_MONTHS'; readonly since?: IsoDate };

/** One reading of personal data (R-PRI-5). `purpose` may speak of a person: it is kept here and nowhere else. */
export type Access = Reading & Subject & { readonly municipality: MunicipalityCode; readonly at: Instant };
