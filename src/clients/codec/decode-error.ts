/** Why stored bytes have not the form that the reader's format asks for; the message is for people. */
export class DecodeError extends Error {}
