import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

/** An entry of a menu below a button. */
export interface IMenuEntry {
  readonly label: string;
  readonly isOn?: boolean;
  readonly go: () => void;
}

/** Open a menu of one use below a button, its groups divided by lines. */
export function openPopupMenu(
  anchor: HTMLElement,
  groups: readonly (readonly IMenuEntry[])[]
): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  for (const group of groups) {
    if (menu.items.length > 0 && group.length > 0) {
      menu.addItem({ type: 'separator' });
    }
    for (const entry of group) {
      const id = `entry-${menu.items.length}`;
      commands.addCommand(id, {
        label: entry.label,
        // an entry with the function would be called a checkbox
        ...(entry.isOn === undefined
          ? {}
          : { isToggled: () => entry.isOn === true }),
        describedBy: { args: { type: 'object', properties: {} } },
        execute: entry.go
      });
      menu.addItem({ command: id });
    }
  }
  menu.aboutToClose.connect(() => {
    // the focus goes back to where the menu came from; the menu is of one use
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) {
        anchor.focus();
      }
      menu.dispose();
    });
  });
  const box = anchor.getBoundingClientRect();
  menu.open(box.left, box.bottom);
  menu.activateNextItem();
}
