// How a few letters mean one of many choices, for lists that are searched as one types.
const matching = (() => {
  const bare = (text) => text.toLocaleLowerCase("sv").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
  const wordsOf = (text) => bare(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const isWithin = (text, letters) => {
    let at = 0;
    for (const letter of text) if (letter === letters[at]) at += 1;
    return at === letters.length;
  };

  // `typed` is bare. The lower the better; -1 for what is not meant.
  const place = (text, typed) => {
    const whole = bare(text);
    if (whole === typed) return 0;
    if (whole.startsWith(typed)) return 1;
    const words = wordsOf(text);
    const sought = typed.split(" ");
    if (sought.every((part) => words.some((word) => word.startsWith(part)))) return 2;
    const initials = words.map((word) => word[0]).join("");
    const letters = typed.replaceAll(" ", "");
    if (letters.length > 1 && initials.startsWith(letters)) return 2;
    if (whole.includes(typed)) return 3;
    if (letters.length > 1 && isWithin(initials, letters)) return 4;
    return -1;
  };
  return { bare, place };
})();
