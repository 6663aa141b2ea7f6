export const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

/** What comes of it, or its fault: the code and what is told of it. */
export function refusal(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    const { code, details } = error as { code: string; details: object }
    return [code, ...Object.values(details)]
  }
}
