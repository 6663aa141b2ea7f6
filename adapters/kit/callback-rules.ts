export interface CallbackRules {
  maxLength?: number
  /** Without a scheme it is called by https. */
  schemeOptional?: true
}

/** What is wrong with a callback URL, to be said after the name of its field; undefined: nothing. Names are judged when they are called. */
export type CallbackProblem = (text: string, rules?: CallbackRules) => string | undefined
