const reload = () => {
  // The user chose to give up what is unsaved: no second question.
  window.addEventListener("beforeunload", event => event.stopImmediatePropagation(), { capture: true });
  window.location.reload();
};

/** Saving, saved or failed: the widget itself goes on as if every change had been saved. */
export function SaveStatus({ provider, status: { waiting, failure }, readOnly }) {
  if (failure) {
    return (
      <div className="chart-status chart-failed" role="alert" data-status="failed">
        <i className="wxi-warning" />
        <span>Not saved. {failure.message}</span>
        {failure.canRetry && <button type="button" onClick={() => provider.retry()}>Retry</button>}
        <button type="button" onClick={reload}>Reload</button>
      </div>
    );
  }
  if (readOnly) return <div className="chart-status" data-status="readonly"><i className="wxi-eye" /><span>Read only</span></div>;
  return waiting
    ? <div className="chart-status" role="status" data-status="saving"><i className="wxi-refresh chart-spin" /><span>Saving…</span></div>
    : <div className="chart-status" role="status" data-status="saved"><i className="wxi-check" /><span>Saved</span></div>;
}
