import type { Delivery } from '#domain/delivery/delivery.ts';
import { deliveredIn } from '#domain/delivery/silence.ts';
import type { MarkStore } from '#domain/ports.ts';
import { periodOf } from '#domain/term/calendar.ts';

/**
 * The party delivered in the month in which we got this file (R-DEL-8): also when it has no rows, or all of them were
 * refused one by one. Before the delivery is closed, so that a replay sets it too; the first of the month stays.
 */
export const markDelivered = async (
  { marks }: { readonly marks: Pick<MarkStore, 'set'> },
  { party, deliveryId, receivedAt }: Delivery,
): Promise<void> => {
  await marks.set(deliveredIn(periodOf(receivedAt)), party, deliveryId, undefined);
};

/** The first file of the party in its month, as far as it was marked. */
export const isFirstOfMonth = async (
  { marks }: { readonly marks: Pick<MarkStore, 'get'> },
  { party, deliveryId, receivedAt }: Pick<Delivery, 'party' | 'deliveryId' | 'receivedAt'>,
): Promise<boolean> => (await marks.get(deliveredIn(periodOf(receivedAt)), party)) === deliveryId;
