import { inSentence, shownName } from './shown-name';

describe('the name of something of somebody else', () => {
  it('shows what would turn it around', () => {
    expect(shownName('\u202egnp.exe')).toBe('⟨U+202E⟩gnp.exe');
    expect(shownName('a\u2066b\u2069')).toBe('a⟨U+2066⟩b⟨U+2069⟩');
  });

  it('shows what would not be drawn', () => {
    expect(shownName('a\u0000b\nc\u200b\ufeff')).toBe(
      'a⟨U+0000⟩b⟨U+000A⟩c⟨U+200B⟩⟨U+FEFF⟩'
    );
  });

  it('leaves every written language as it is', () => {
    for (const name of ['train', 'אימון', 'تدريب می‌شود', '火', '👩‍🔬']) {
      expect(shownName(name)).toBe(name);
    }
  });
});

describe('a name in a sentence', () => {
  afterEach(() => {
    document.documentElement.dir = '';
  });

  it('stands by itself where sentence and name are read in different directions', () => {
    expect(inSentence('train (2)')).toBe('train (2)');
    expect(inSentence('אימון (2)')).toBe('\u2068אימון (2)\u2069');
    document.documentElement.dir = 'rtl';
    expect(inSentence('train (2)')).toBe('\u2068train (2)\u2069');
  });

  it('cannot end its own place', () => {
    expect(inSentence('א\u2069b')).toBe('\u2068א⟨U+2069⟩b\u2069');
  });
});
