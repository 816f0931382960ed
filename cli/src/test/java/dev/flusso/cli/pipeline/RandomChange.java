package dev.flusso.cli.pipeline;

import java.util.List;
import java.util.SplittableRandom;

/** Statements over the tables of {@code differential/tables.sql}, one after the other from one seed. One thread only. */
final class RandomChange {

    private static final int ACCOUNTS = 80;
    private static final int CATEGORIES = 24;
    private static final int PRODUCTS = 50;
    private static final int TAGS = 15;
    private static final int CLUBS = 10;
    private static final int REGIONS = 10;

    private final SplittableRandom random;
    private final boolean rough;

    /** @param rough whether tables are emptied, and partitions come and go: then much is built anew, and less is followed */
    RandomChange(SplittableRandom random, boolean rough) {
        this.random = random;
        this.rough = rough;
    }

    String next() {
        if (rough && random.nextInt(400) == 0) {
            return partition();
        }
        if (rough && random.nextInt(300) == 0) {
            return truncate();
        }
        return switch (random.nextInt(25)) {
            case 0 -> odd();
            case 1, 2 -> region();
            case 3, 4, 5, 6 -> account();
            case 7, 8, 24 -> profile();
            case 9, 10 -> category();
            case 11, 12, 13 -> product();
            case 14 -> tag();
            case 15, 16 -> productTag();
            case 17 -> club();
            case 18, 19 -> membership();
            case 20, 21 -> purchase();
            default -> item();
        };
    }

    private String truncate() {
        return switch (random.nextInt(10)) {
            case 0 -> "TRUNCATE item";
            case 1, 2 -> "TRUNCATE product_tag";
            case 3, 4 -> "TRUNCATE profile, membership";
            case 5 -> "TRUNCATE membership RESTART IDENTITY";
            case 6 -> "TRUNCATE item_" + leaf();
            case 7 -> "TRUNCATE item_2a, item_2b, profile";
            case 8 -> "TRUNCATE purchase CASCADE";
            default -> "TRUNCATE profile";
        };
    }

    private String leaf() {
        return List.of("1", "2a", "2b", "3", "4").get(random.nextInt(5));
    }

    /** Partitions of items that come and go; what is there already, or is not, is refused like anything else. */
    private String partition() {
        var part = random.nextInt(4);
        var table = List.of("item_1", "item_2", "item_3", "item_4").get(part);
        var from = List.of("MINVALUE", "25", "50", "70").get(part);
        var to = List.of("25", "50", "70", "MAXVALUE").get(part);
        var detach = "ALTER TABLE item DETACH PARTITION " + table + "; ";
        var outside = "DELETE FROM " + table + " WHERE " + (part == 0 ? "false" : "account_id < " + from) + " OR "
                + (part == 3 ? "false" : "account_id >= " + to) + "; ";
        var attach = outside + "ALTER TABLE item ATTACH PARTITION " + table + " FOR VALUES FROM (" + from + ") TO ("
                + to + ")";
        return switch (random.nextInt(7)) {
            case 0 -> detach;
            case 1, 2 -> attach;
            case 3 -> detach + "UPDATE " + table + " SET qty = qty % 7 + 1; " + attach;
            case 4 -> detach + "DELETE FROM " + table + " WHERE line = 1; " + attach;
            case 5 ->
                "DROP TABLE item_3; CREATE TABLE item_3 PARTITION OF item FOR VALUES FROM (50) TO (70);"
                        + " INSERT INTO item SELECT account_id, no, 1, NULL, 1, 1 FROM purchase WHERE account_id BETWEEN 50 AND 69";
            default -> "UPDATE " + table + " SET qty = qty + 1 WHERE line < 2";
        };
    }

    /** Tables that are nobody's business, of the kinds that could not be published. */
    private String odd() {
        var number = small();
        return switch (random.nextInt(10)) {
            case 0, 1 -> "INSERT INTO oddity VALUES (" + number + ", 'b')";
            case 2 -> "UPDATE oddity SET b = b || 'c' WHERE a = " + number;
            case 3 -> "DELETE FROM oddity WHERE a < " + number;
            case 4 -> "TRUNCATE oddity, scratch";
            case 5 -> "INSERT INTO \"Odd One\" VALUES (" + number + ", '{}')";
            case 6 -> "UPDATE \"Odd One\" SET \"from\" = \"from\" + 1";
            case 7 -> "DELETE FROM \"Odd One\" WHERE \"from\" > " + number;
            case 8 -> "INSERT INTO scratch VALUES (" + number + ", 1) ON CONFLICT (id) DO UPDATE SET n = scratch.n + 1";
            default -> "DELETE FROM scratch";
        };
    }

    private int upTo(int count) {
        return 1 + random.nextInt(count);
    }

    private int small() {
        return random.nextInt(100);
    }

    /** As the region is spelled, or in another case. */
    private String code() {
        return "'" + (random.nextInt(4) == 0 ? "R" : "r") + upTo(REGIONS) + "'";
    }

    private String region() {
        return switch (random.nextInt(6)) {
            case 0 -> "INSERT INTO region VALUES (" + code() + ", 'Region n" + small() + "') ON CONFLICT DO NOTHING";
            case 1 -> "UPDATE region SET code = " + code() + " WHERE code = " + code();
            case 2 ->
                "UPDATE region SET code = CASE WHEN code::text = lower(code::text) THEN upper(code::text)::citext"
                        + " ELSE lower(code::text)::citext END WHERE code = " + code();
            case 3 -> "DELETE FROM region WHERE code = " + code();
            default -> "UPDATE region SET name = 'Region m" + small() + "' WHERE code = " + code();
        };
    }

    private String account() {
        int id = upTo(ACCOUNTS);
        int other = upTo(ACCOUNTS);
        var where = " WHERE \"accountId\" = " + id;
        return switch (random.nextInt(10)) {
            case 0, 1 ->
                "INSERT INTO \"Account\" (\"accountId\", email, region, \"managerId\") SELECT " + id + ", 'New"
                        + small() + "@Y.org', (SELECT code FROM region WHERE code = " + code()
                        + "), (SELECT \"accountId\" FROM \"Account\" WHERE \"accountId\" = " + other
                        + ") ON CONFLICT DO NOTHING";
            case 2 -> "UPDATE \"Account\" SET email = 'E" + small() + "'" + where;
            case 3 -> "UPDATE \"Account\" SET kind = CASE WHEN kind = 'open' THEN 'hidden' ELSE 'open' END" + where;
            case 4 -> "UPDATE \"Account\" SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END" + where;
            case 5 -> "UPDATE \"Account\" SET region = (SELECT code FROM region WHERE code = " + code() + ")" + where;
            case 6 ->
                "UPDATE \"Account\" SET \"managerId\" = (SELECT min(\"accountId\") FROM \"Account\" WHERE"
                        + " \"accountId\" > " + other + ")" + where;
            case 7 -> "UPDATE \"Account\" SET \"accountId\" = " + other + where;
            case 8 -> "DELETE FROM \"Account\"" + where;
            default -> "UPDATE \"Account\" SET email = upper(email) WHERE \"managerId\" = " + other;
        };
    }

    private String profile() {
        int account = upTo(ACCOUNTS);
        var where = " WHERE account_id = " + account;
        return switch (random.nextInt(7)) {
            case 0, 1 ->
                "INSERT INTO profile (account_id, bio, region) SELECT \"accountId\", 'bio n" + small()
                        + "', region FROM \"Account\" WHERE \"accountId\" BETWEEN " + account + " AND " + (account + 2);
            case 2 ->
                "UPDATE profile SET visible = CASE WHEN visible THEN false WHEN NOT visible THEN NULL ELSE true END"
                        + where;
            case 3 ->
                "UPDATE profile SET account_id = (SELECT max(\"accountId\") FROM \"Account\" WHERE \"accountId\" < "
                        + upTo(ACCOUNTS) + ")" + where;
            case 4 -> "DELETE FROM profile" + where;
            case 5 -> "UPDATE profile SET region = (SELECT code FROM region WHERE code = " + code() + ")" + where;
            default -> "UPDATE profile SET bio = 'bio m" + small() + "'" + where;
        };
    }

    private String category() {
        int id = upTo(CATEGORIES);
        int other = upTo(CATEGORIES);
        return switch (random.nextInt(6)) {
            case 0, 1 ->
                "INSERT INTO category SELECT " + id + ", (SELECT id FROM category WHERE id = " + other
                        + "), 'Category n" + small() + "' ON CONFLICT DO NOTHING";
            case 2 ->
                "UPDATE category SET parent_id = (SELECT max(id) FROM category WHERE id < " + other + ") WHERE id = "
                        + id;
            case 3 -> "UPDATE category SET id = " + other + " WHERE id = " + id;
            case 4 -> "DELETE FROM category WHERE id = " + id;
            default -> "UPDATE category SET name = 'Category m" + small() + "' WHERE id = " + id;
        };
    }

    private String product() {
        int id = upTo(PRODUCTS);
        int other = upTo(PRODUCTS);
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                "INSERT INTO product SELECT " + id + ", 'Product n" + small()
                        + "', (SELECT id FROM category WHERE id = " + upTo(CATEGORIES) + "), " + small()
                        + ".50 ON CONFLICT DO NOTHING";
            case 2 ->
                "UPDATE product SET category_id = (SELECT min(id) FROM category WHERE id > " + upTo(CATEGORIES)
                        + ") WHERE id = " + id;
            case 3 -> "UPDATE product SET id = " + other + " WHERE id = " + id;
            case 4 -> "DELETE FROM product WHERE id = " + id;
            case 5 -> "UPDATE product SET retired = NOT retired WHERE id IN (" + id + ", " + other + ")";
            case 6 -> "UPDATE product SET price = " + random.nextInt(12) + " WHERE id = " + id;
            default -> "UPDATE product SET name = 'Product m" + small() + "' WHERE id = " + id;
        };
    }

    private String tag() {
        int id = upTo(TAGS);
        return switch (random.nextInt(5)) {
            case 0, 1 -> "INSERT INTO tag VALUES (" + id + ", 'tag n" + small() + "') ON CONFLICT DO NOTHING";
            case 2 -> "UPDATE tag SET id = " + upTo(TAGS) + " WHERE id = " + id;
            case 3 -> "DELETE FROM tag WHERE id = " + id;
            default -> "UPDATE tag SET label = 'tag m" + small() + "' WHERE id = " + id;
        };
    }

    private String productTag() {
        int product = upTo(PRODUCTS);
        int tag = upTo(TAGS);
        return switch (random.nextInt(5)) {
            case 0, 1, 2 ->
                "INSERT INTO product_tag SELECT p.id, t.id FROM product p, tag t WHERE p.id BETWEEN " + product
                        + " AND " + (product + 4) + " AND t.id = " + tag + " ON CONFLICT DO NOTHING";
            case 3 ->
                "UPDATE product_tag SET tag_id = " + tag + " WHERE product_id = " + product
                        + " AND tag_id = (SELECT min(tag_id) FROM product_tag WHERE product_id = " + product + ")";
            default -> "DELETE FROM product_tag WHERE product_id = " + product + " AND tag_id < " + tag;
        };
    }

    private String club() {
        int id = upTo(CLUBS);
        return switch (random.nextInt(6)) {
            case 0, 1 ->
                "INSERT INTO club VALUES (" + id + ", 'Club n" + small() + "', " + random.nextInt(6)
                        + ") ON CONFLICT DO NOTHING";
            case 2 -> "UPDATE club SET id = " + upTo(CLUBS) + " WHERE id = " + id;
            case 3 -> "DELETE FROM club WHERE id = " + id;
            case 4 -> "UPDATE club SET fee = " + random.nextInt(6) + " WHERE id = " + id;
            default -> "UPDATE club SET name = 'Club m" + small() + "' WHERE id = " + id;
        };
    }

    private String membership() {
        int account = upTo(ACCOUNTS);
        int club = upTo(CLUBS);
        return switch (random.nextInt(5)) {
            case 0, 1 ->
                "INSERT INTO membership (account_id, club_id) SELECT \"accountId\", club.id FROM \"Account\", club"
                        + " WHERE \"accountId\" BETWEEN " + account + " AND " + (account + 3) + " AND club.id = "
                        + club;
            case 2 -> "UPDATE membership SET club_id = " + club + " WHERE account_id = " + account;
            case 3 ->
                "UPDATE membership SET account_id = (SELECT max(\"accountId\") FROM \"Account\" WHERE \"accountId\" < "
                        + upTo(ACCOUNTS) + ") WHERE account_id = " + account + " AND club_id = " + club;
            default -> "DELETE FROM membership WHERE account_id = " + account;
        };
    }

    private String purchase() {
        int account = upTo(ACCOUNTS);
        int no = random.nextInt(5);
        var where = " WHERE account_id = " + account + " AND no = " + no;
        return switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                "INSERT INTO purchase SELECT \"accountId\", " + no + ", 's" + small() + "' FROM \"Account\""
                        + " WHERE \"accountId\" BETWEEN " + account + " AND " + (account + 3)
                        + " ON CONFLICT DO NOTHING";
            case 3 -> "UPDATE purchase SET no = " + random.nextInt(5) + where;
            case 4 -> "UPDATE purchase SET account_id = " + upTo(ACCOUNTS) + where;
            case 5 -> "DELETE FROM purchase" + where;
            case 6 ->
                "UPDATE purchase SET note = (SELECT string_agg(md5(" + small()
                        + "::text || i), '') FROM generate_series(1, 200) i)" + where; // too long to be stored in line
            default -> "UPDATE purchase SET status = 't" + small() + "'" + where;
        };
    }

    private String item() {
        int account = upTo(ACCOUNTS);
        var where = " WHERE account_id = " + account + " AND line = " + random.nextInt(4);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                "INSERT INTO item SELECT account_id, no, " + random.nextInt(6)
                        + ", (SELECT id FROM product WHERE id = " + upTo(PRODUCTS) + "), " + upTo(5) + ", " + small()
                        + ".75, false FROM purchase WHERE account_id BETWEEN " + account + " AND " + (account + 4)
                        + " ON CONFLICT DO NOTHING";
            case 3 ->
                "UPDATE item SET product_id = (SELECT max(id) FROM product WHERE id < " + upTo(PRODUCTS) + ")" + where;
            case 4 ->
                "UPDATE item SET cancelled = CASE WHEN cancelled THEN false WHEN NOT cancelled THEN NULL ELSE true END"
                        + where;
            case 5 -> "UPDATE item SET line = " + random.nextInt(6) + where;
            case 6 -> "DELETE FROM item" + where;
            case 7 -> "UPDATE item SET price = price + 0.01 WHERE product_id = " + upTo(PRODUCTS);
            default -> "UPDATE item SET qty = " + upTo(9) + where;
        };
    }
}
