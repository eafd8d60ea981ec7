/**
 * How the signals of a case came together: one address in one month (R-MAT-1); one person of an address where strangers
 * live (R-MAT-4); taken apart or put together by a worker; put together by the model, as one person behind one front door.
 */
export type FormedBy = 'ADDRESS' | 'SHARED_ADDRESS' | 'SPLIT' | 'MERGED' | 'MATCHED';

/** Why an address is more households: two tenants, three or more people without a tie, or a worker said it is rooms. */
export type SharedBy = 'TENANTS' | 'STRANGERS' | 'ROOMS';
