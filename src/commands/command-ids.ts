/** Ids of the commands of the product. */
export namespace CommandIDs {
  export const showSidebar = 'kfp:show-sidebar';
  export const refreshAll = 'kfp:refresh-all';
  export const searchConnections = 'kfp:search-connections';
  export const selectConnection = 'kfp:select-connection';
  export const openDoctor = 'kfp:open-doctor';
  export const signIn = 'kfp:sign-in';
  export const openRun = 'kfp:open-run';
  export const closeBelow = 'kfp:close-below';
  export const stopRun = 'kfp:stop-run';
  export const retryRun = 'kfp:retry-run';
  export const archiveRun = 'kfp:archive-run';
  export const unarchiveRun = 'kfp:unarchive-run';
  export const deleteRun = 'kfp:delete-run';
  export const rerunUncached = 'kfp:rerun-uncached';
  export const notifyRun = 'kfp:notify-run';
  export const pinRun = 'kfp:pin-run';
  export const detachRun = 'kfp:detach-run';
  export const openUpstream = 'kfp:open-upstream';
  export const showLogs = 'kfp:show-logs';
  export const showEvents = 'kfp:show-events';
  export const gotoFailure = 'kfp:goto-failure';
  export const gotoCell = 'kfp:goto-cell';
  export const copyReport = 'kfp:copy-report';
  export const downloadPipeline = 'kfp:download-pipeline';
  export const newRun = 'kfp:new-run';
  export const compareRuns = 'kfp:compare-runs';
  export const copyId = 'kfp:copy-id';
  export const copyAttach = 'kfp:copy-attach';
}
