/** Of a unit that guessed wrong. Nothing of it has happened, and the store runs it again. */
export const AGAIN = 'run_again'

export const runAgain = (because: string): Error => Object.assign(new Error(because), { code: AGAIN })
