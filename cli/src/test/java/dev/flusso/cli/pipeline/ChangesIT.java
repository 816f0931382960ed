package dev.flusso.cli.pipeline;

import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each way in which a row can make a document stale, one after the other, from the rows to OpenSearch: after each the indexes of the
 * differential test are compared with the recomputed documents. Which documents a change touches exactly, and no others, is tested at the
 * edge to Postgres.
 */
final class ChangesIT {

    private static final String[] IDENTITIES = {
        "ALTER TABLE profile REPLICA IDENTITY FULL",
        "ALTER TABLE club REPLICA IDENTITY NOTHING",
        "CREATE UNIQUE INDEX tag_identity ON tag (id); ALTER TABLE tag REPLICA IDENTITY USING INDEX tag_identity",
        "UPDATE membership SET account_id = 1 WHERE account_id IS NULL; ALTER TABLE membership ALTER account_id SET NOT NULL,"
                + " ALTER club_id SET NOT NULL; CREATE UNIQUE INDEX membership_identity ON membership (id, account_id, club_id);"
                + " ALTER TABLE membership REPLICA IDENTITY USING INDEX membership_identity"
    };

    /** Those in one group touch different documents. */
    private static final String[] CHANGES = {
        // C03 a child, a nested grandchild, an aggregated row go
        "DELETE FROM purchase WHERE account_id = 3 AND no = 1; DELETE FROM profile WHERE account_id IN (4, 5);"
                + " DELETE FROM item WHERE account_id = 6 AND line = 0",
        "DELETE FROM item WHERE product_id = 7; UPDATE item SET price = 999 WHERE product_id = 8",
        // C04 a child, a grandchild's parent, a junction row with a key of its own move
        "UPDATE purchase SET account_id = 60, no = no + 100 WHERE account_id = 8;"
                + " UPDATE item SET purchase_no = 0, line = line + 50 WHERE account_id = 9 AND purchase_no = 2;"
                + " UPDATE membership SET account_id = 20 WHERE account_id = 21",
        "UPDATE \"Account\" SET region = 'r1' WHERE \"accountId\" BETWEEN 10 AND 15; UPDATE profile SET account_id = 16"
                + " WHERE account_id = 17; UPDATE product SET category_id = 2 WHERE category_id = 9",
        "UPDATE membership SET club_id = 3 WHERE club_id = 4; UPDATE product SET category_id = NULL WHERE id = 11",
        // C05 junction rows of both shapes go, and far rows that take theirs with them
        "DELETE FROM product_tag WHERE product_id = 3; DELETE FROM membership WHERE account_id = 22",
        "DELETE FROM tag WHERE id = 5; DELETE FROM club WHERE id = 6",
        // C06 roots go with all they have; keys of roots, children and far rows change
        "DELETE FROM \"Account\" WHERE \"accountId\" = 1; DELETE FROM product WHERE id = 4",
        "DELETE FROM region WHERE code = 'r5'; UPDATE product SET id = 1012 WHERE id = 12",
        "UPDATE \"Account\" SET \"accountId\" = 1030 WHERE \"accountId\" = 30; UPDATE tag SET id = 106 WHERE id = 6;"
                + " UPDATE purchase SET no = 77 WHERE account_id = 31 AND no = 1",
        "UPDATE region SET code = 'r22' WHERE code = 'r2'; UPDATE region SET code = 'R3' WHERE code = 'r3'",
        // C08 a parent in its own table is renamed, moves, goes
        "UPDATE category SET name = 'renamed' WHERE id = 2",
        "UPDATE category SET parent_id = 4 WHERE parent_id = 3",
        "DELETE FROM category WHERE id = 3; UPDATE category SET id = 201 WHERE id = 1",
        // C07 rows go without a word of each
        "TRUNCATE profile",
        "TRUNCATE tag, club CASCADE",
        "TRUNCATE product, \"Account\" CASCADE; INSERT INTO \"Account\" VALUES (7, 'back@x.org', 'r1')",
    };

    @TempDir
    Path folder;

    @Test
    @DisplayName("P3 P5 C03 C04 C05 C06 C07 C08 C09 no change leaves a stale document")
    void noChangeLeavesAStaleDocument() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "changes", SharedServers.search().url(), folder)) {
            DifferentialIT.prepare(day, folder);
            day.sql(IDENTITIES);
            day.start("capture");
            day.start("work");
            var story = new StringBuilder();
            DifferentialIT.await(day, story);
            for (var change : CHANGES) {
                story.append(change);
                day.sql(change);
                try {
                    DifferentialIT.await(day, story);
                } catch (AssertionError e) {
                    throw new AssertionError("after " + change + ": " + e.getMessage(), e);
                }
            }
        }
    }
}
