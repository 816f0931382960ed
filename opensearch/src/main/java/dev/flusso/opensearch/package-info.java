/**
 * The edge to OpenSearch, the only user of its client: generations as indexes with aliases, documents as bulk requests, the memory of
 * both in {@code flusso_meta}.
 *
 * <p>What belongs to an index {@code users} with prefix {@code dev_}:
 *
 * <pre>
 * dev_users                      the plain alias: what applications search
 * dev_users_1f0a93bc             the hash alias: what applications that know the mapping search
 * dev_users_1f0a93bc_2           generation 2, an index; "_meta": {"flusso": {"index": "dev_users"}} in its mapping says it is ours
 * dev_users_1f0a93bc_2_write     hidden alias of generation 2: writes go through it with require_alias, because a bulk request to an
 *                                index that somebody deleted would create it anew, with a guessed mapping
 * dev_flusso_meta                hidden index: one document for each generation, its id the generation's name
 * dev_flusso_meta_write          hidden alias, for the same reason
 * </pre>
 *
 * <p>Each call has a deadline, the config's {@code timeout_secs}. The HTTP client's I/O threads are the only threads here; futures complete
 * on them.
 */
@NullMarked
package dev.flusso.opensearch;

import org.jspecify.annotations.NullMarked;
