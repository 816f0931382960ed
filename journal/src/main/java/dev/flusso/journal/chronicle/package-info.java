/**
 * The journal on disk, written through Chronicle Queue; the only package that knows the library. {@link
 * dev.flusso.journal.chronicle.ChronicleJournal} is the way in.
 *
 * <h2>The directory</h2>
 *
 * <pre>
 * &lt;journal&gt;/                         0700
 *   owner.lock                       locked by the writer's process; says in plain text who it is
 *   current                          sealed text: epoch, boot id, closed cleanly?, whose changes
 *   doubt                            only after a failed force: the epoch, and the last position that is on disk
 *   epoch-1/                         one continuous run; a new one begins after a gap or a crash of the system
 *     metadata.cq4t                  the queue's own; nothing we rely on
 *     19700101-00F.cq4               segment 0: the queue believes each segment to be an hour of 1970
 *     19700101-01F.cq4               segment 1
 *   epoch-2/ …
 *   lanes/&lt;sink&gt;/&lt;index&gt;/
 *     lock                           locked by the lane's worker; never replaced
 *     &lt;generation&gt;.lane              sealed text: a lane file, as JSON
 *     letters                        the worker's, append-only
 * </pre>
 *
 * A sealed text has its kind, format version, length and CRC32C in its first line and is replaced by writing another file, forcing
 * it, renaming it and forcing the directory.
 *
 * <h2>A segment</h2>
 *
 * Records of Chronicle Queue, each behind a word in the machine's order of x86 and ARM (little-endian), at a multiple of four bytes:
 *
 * <pre>
 *  bit 31       30         29 … 0
 * +----------+----------+------------------+---------------------+---------+
 * | unready  | metadata | length in bytes  | that many bytes     | 0 … 3   |
 * +----------+----------+------------------+---------------------+---------+
 *   word 0: nothing here yet        word C0000000: the segment's end
 * </pre>
 *
 * Metadata records (the queue's header and index pages) are skipped. Every other record is one <em>frame</em>:
 *
 * <pre>
 *  byte   0        4      5         6         10        18
 *       +--------+------+---------+---------+---------+----------------
 *       | crc32c | type | version | number  | lsn     | payload …
 *       +--------+------+---------+---------+---------+----------------
 *         u32      u8     u8 = 1    u32       u64       little-endian; the checksum is that of all behind it
 * </pre>
 *
 * The number counts the frames of the segment from 0, so that a frame taken for something else is missed. An entry's {@link
 * dev.flusso.journal.Position#index} is segment number &lt;&lt; 32 | the number of its (first) frame.
 *
 * <h2>Payloads</h2>
 *
 * {@code n}: unsigned LEB128; {@code z}: the same, zigzag; {@code s}: {@code n} bytes of UTF-8 behind {@code n}; {@code x*}: {@code n}
 * of them behind {@code n}.
 *
 * <pre>
 *  position     n epoch, n segment, n number
 *  table        s schema, s name
 *  transaction  n timeline, n xid, z commit LSN - this LSN, z microseconds since 1970
 *  cell         u8 flags (bits 0-1: 0 NULL, 1 text, 2 unchanged; bit 2: identity), s column, s text if text
 *
 *   1 CHANGE          u8 (0 INSERT, 1 UPDATE, 2 DELETE), transaction, table, cell* before, cell* after
 *   2 TRUNCATE        transaction, table* tables, table* leaves of
 *   3 COMMIT          transaction, n changes
 *   4 PROGRESS        position
 *   5 HEARTBEAT       position, z seconds since 1970, n nanoseconds
 *   6 COVERAGE        position, (table, s* after, s* before)*
 *   7 CATALOG_CHANGE  table, s detail
 *   8 GAP             u8 reason (1 slot lost … 8 table changed), table*, s detail
 *  64 HEAD            position of the entry before, z newest microseconds, nested coverage, nested visibility;
 *                     its lsn is what was complete. nested: u8 type (0: none), position, u64 lsn, payload
 *  65 PIECE           n bytes of the whole, n offset in it, bytes: a frame too large for a record, with its own head and checksum
 * </pre>
 *
 * <h2>What keeps it whole</h2>
 *
 * <ul>
 *   <li>A segment begins with its HEAD, and a writer begins a new segment whenever it is opened. So nothing is ever appended behind
 *       something half-written, reading can begin at any segment, and a reader proves by {@code position of the entry before} that
 *       it has missed nothing.
 *   <li>{@code fdatasync} of each segment's file, then of the directory when the segment is new, then the durable position moves. At
 *       most two segments are unforced at any time.
 *   <li>{@code boot id} changed and not closed cleanly: the system crashed, any page of those two may be lost. Their good entries up
 *       to the first bad one count, a new epoch begins, and its first HEAD names the last that counts.
 *   <li>Forcing failed: nothing more is acknowledged, and {@code doubt} makes the next writer begin a new epoch behind what was on
 *       disk before. Forcing again would succeed without writing anything.
 *   <li>Space is reserved with {@code fallocate} before it is written, since a full disk under a mapping is an {@code InternalError}
 *       somewhere.
 *   <li>Readers map the files themselves: the library's tailer delivers torn records and waits for ever before a lost page. They
 *       need neither the writer nor the queue's metadata, and cannot disturb either.
 * </ul>
 */
@NullMarked
package dev.flusso.journal.chronicle;

import org.jspecify.annotations.NullMarked;
