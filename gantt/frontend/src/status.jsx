const STATES = {
  readonly: ["wxi-eye", "Read only"],
  failed: ["wxi-warning", "Failed"],
  saving: ["wxi-refresh chart-spin", "Saving…"],
  saved: ["wxi-check", "Saved"],
};

function stateOf({ waiting, failure }, readOnly) {
  if (readOnly) return "readonly";
  if (failure) return "failed";
  return waiting ? "saving" : "saved";
}

/** Saving, saved or failed: the widget itself goes on as if every change had been saved. */
export function SaveStatus({ status, readOnly }) {
  const state = stateOf(status, readOnly);
  const [icon, text] = STATES[state];
  return <div className={`chart-status chart-${state}`} role="status" data-status={state}><i className={icon} />{text}</div>;
}

/** What went wrong, and the ways out: send it again where that may help, or take what the server has. */
export function Failure({ provider, failure, reload }) {
  if (!failure) return null;
  return (
    <div className="chart-failure" role="alert">
      <i className="wxi-warning" />
      <span>{failure.message}</span>
      {failure.canRetry && <button type="button" className="chart-button" onClick={() => provider.retry()}>Retry</button>}
      <button type="button" className="chart-button" onClick={reload}>Reload</button>
      {!failure.canRetry && <button type="button" className="chart-button" onClick={() => provider.dismiss()}>Dismiss</button>}
    </div>
  );
}

/** Why the critical path that was asked for is not there. No change is lost by it. */
export function Trouble({ critical }) {
  if (!critical.trouble) return null;
  return (
    <div className="chart-failure" role="alert">
      <i className="wxi-warning" />
      <span>There is no critical path. {critical.trouble}</span>
      <button type="button" className="chart-button" onClick={() => critical.show(false)}>Dismiss</button>
    </div>
  );
}
