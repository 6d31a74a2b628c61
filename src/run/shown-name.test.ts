import { shownName } from './shown-name';

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
