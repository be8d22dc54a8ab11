/** A message on its way: what a sender is given, and what it says came of it. */
export interface Parcel {
  id: number;
  channel: string;
  template: string;
  test: boolean;
  /** Phone, e-mail, customer no. or community; what the channel sends to. */
  to: string | null;
  customer_no: string | null;
  language: string;
  subject: string | null;
  body: string;
}

/**
 * sent: taken over by the receiver. delivered: it is there. refused: never to be tried again. unsent: certainly not there.
 * unclear: perhaps there, as when the answer was lost.
 */
export interface Outcome {
  outcome: 'sent' | 'delivered' | 'refused' | 'unsent' | 'unclear';
  said: string | null;
  /** The receiver's own number for it. */
  number: string | null;
  retry_seconds?: number | null;
}
