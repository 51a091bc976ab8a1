package io.fleetwell.history;

import io.fleetwell.paging.Page;
import java.util.Optional;

/**
 * A page of the audit log.
 *
 * @param acts may be empty although more follow
 * @param reached where the search ended without having found all that the page has room for; the next page continues there
 */
public record AuditPage(Page<HistoryEntry> acts, Optional<HistoryPosition> reached) {}
