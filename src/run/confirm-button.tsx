import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { IQuestion } from './questions';

/** Milliseconds after which an open question is taken back. */
const PATIENCE = 10_000;

/** Properties of a button that asks before it acts. */
export interface IConfirmButtonProps extends IQuestion {
  readonly label: string;
  /** Shown instead of the button while the action is under way; empty when it is not. */
  readonly busy: string;
  readonly isDangerous?: boolean;
  /** False where the action is harmless enough to be done at the first click. */
  readonly isQuestionNeeded?: boolean;
  /** Whether the question stands there from the start, without a button before it. */
  readonly isAskedFirst?: boolean;
  /** Told when the question has gone away, answered or not. */
  readonly onClosed?: () => void;
  readonly onConfirm: () => void;
  /** Raised by one to open the question from outside, as by a key. */
  readonly asked?: number;
}

/**
 * A button that turns into a question in its own place. The focus goes to the harmless answer, and after 10 s the question goes away.
 */
export function ConfirmButton(props: IConfirmButtonProps): JSX.Element | null {
  const { trans } = useRunEnvironment();
  const [isAsking, setAsking] = React.useState(props.isAskedFirst ?? false);
  const keep = React.useRef<HTMLButtonElement>(null);
  const first = React.useRef<HTMLButtonElement>(null);
  const asked = props.asked ?? 0;

  React.useEffect(() => {
    if (asked > 0) {
      setAsking(true);
    }
  }, [asked]);

  React.useEffect(() => {
    if (!isAsking) {
      return;
    }
    keep.current?.focus();
    const timer = window.setTimeout(() => setAsking(false), PATIENCE);
    return () => {
      window.clearTimeout(timer);
      props.onClosed?.();
    };
  }, [isAsking]);

  const close = (): void => {
    setAsking(false);
    requestAnimationFrame(() => first.current?.focus());
  };

  if (props.busy) {
    return (
      <span className="jp-KfpRun-busy" role="status">
        {props.busy}
      </span>
    );
  }
  if (!isAsking) {
    return props.label === '' ? null : (
      <button
        ref={first}
        type="button"
        className="jp-KfpButton"
        onClick={() =>
          props.isQuestionNeeded === false ? props.onConfirm() : setAsking(true)
        }
      >
        {props.label}
      </button>
    );
  }
  return (
    <span
      className="jp-KfpRun-question"
      role="group"
      aria-label={trans.__('Confirm')}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
      }}
    >
      <span className="jp-KfpRun-questionText">{props.question}</span>
      <button
        type="button"
        className={`jp-KfpButton ${props.isDangerous ? 'jp-mod-danger' : ''}`}
        onClick={() => {
          setAsking(false);
          props.onConfirm();
        }}
      >
        {props.confirm}
      </button>
      <button ref={keep} type="button" className="jp-KfpButton" onClick={close}>
        {props.keep}
      </button>
    </span>
  );
}
