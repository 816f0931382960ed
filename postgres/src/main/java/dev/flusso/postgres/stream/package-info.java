/**
 * Logical replication: {@code pgoutput}, protocol version 1, in text. Each message of the stream is one tag byte and what follows;
 * numbers are big-endian, a text ends with a zero byte.
 *
 * <pre>
 *   'B' begin     final lsn 8 | commit time 8, µs since 2000 | xid 4
 *   'C' commit    flags 1 | commit lsn 8 | end lsn 8 | commit time 8
 *   'R' relation  oid 4 | schema text | name text | identity 1 | columns 2 | each: flags 1 (1 = identity), name text, type 4, typmod 4
 *   'I' insert    oid 4 | 'N' tuple
 *   'U' update    oid 4 | [ 'K' or 'O' tuple ] | 'N' tuple
 *   'D' delete    oid 4 | 'K' or 'O' tuple
 *   'T' truncate  relations 4 | options 1 | oids 4 each
 *   'M' message   flags 1 | lsn 8 | prefix text | length 4 | bytes
 *   'Y' type, 'O' origin: not looked into
 *   tuple         columns 2 | each: 'n', or 'u', or 't' length 4 bytes
 * </pre>
 *
 * <p>The stream has a thread of its own that reports to the server while nobody polls, so that a full journal does not cost the
 * connection; it is started with the stream and ends with it.
 */
@NullMarked
package dev.flusso.postgres.stream;

import org.jspecify.annotations.NullMarked;
