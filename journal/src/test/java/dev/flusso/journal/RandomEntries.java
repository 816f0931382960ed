package dev.flusso.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Any entry there can be, from a seed. */
public final class RandomEntries {

    private static final String[] ALPHABETS = {
        "abcdefghijklmnopqrstuvwxyz_0123456789", "äöüßéèñÅΩЖ", "漢字かな한글", "😀🚀𝔘", "\u0000\u0001\n\t\"'\\"
    };

    private static final List<Gap.Reason> REASONS = List.of(Gap.Reason.values());

    private final Random random;

    public RandomEntries(long seed) {
        this.random = new Random(seed);
    }

    public Entry next() {
        return switch (random.nextInt(12)) {
            case 0 -> new Entry.Truncate(transaction(), lsn(), tables(), tables());
            case 1 -> new Entry.Commit(transaction(), lsn(), random.nextLong() >>> random.nextInt(64));
            case 2 -> new Entry.Progress(lsn(), position());
            case 3 ->
                new Entry.Heartbeat(
                        lsn(), Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)), position());
            case 4 -> coverage();
            case 5 -> new Entry.CatalogChange(lsn(), table(), text(200));
            case 6 ->
                new Entry.Missing(
                        lsn(),
                        new Gap(
                                REASONS.get(random.nextInt(REASONS.size())),
                                random.nextBoolean() ? new TreeSet<>() : tables(),
                                text(100)));
            default -> change();
        };
    }

    private Entry change() {
        return switch (random.nextInt(3)) {
            case 0 -> new Entry.Change(transaction(), lsn(), Entry.Operation.INSERT, table(), Image.NONE, image());
            case 1 ->
                new Entry.Change(
                        transaction(),
                        lsn(),
                        Entry.Operation.UPDATE,
                        table(),
                        random.nextBoolean() ? Image.NONE : image(),
                        image());
            default -> new Entry.Change(transaction(), lsn(), Entry.Operation.DELETE, table(), image(), Image.NONE);
        };
    }

    private Entry coverage() {
        var tables = new TreeMap<TableName, TableCoverage>();
        for (var n = random.nextInt(5); n > 0; n--) {
            tables.put(table(), TableCoverage.of(texts(), texts()));
        }
        return new Entry.Coverage(lsn(), position(), tables);
    }

    private Image image() {
        var cells = new ArrayList<Cell>();
        for (var n = 1 + random.nextInt(6); n > 0; n--) {
            var column = name() + n;
            var identity = random.nextBoolean();
            cells.add(
                    switch (random.nextInt(4)) {
                        case 0 -> Cell.ofNull(column, identity);
                        case 1 -> Cell.unchanged(column, identity);
                        default -> Cell.text(column, text(random.nextInt(20) == 0 ? 5000 : 40), identity);
                    });
        }
        return new Image(cells);
    }

    private SortedSet<TableName> tables() {
        var tables = new TreeSet<TableName>();
        for (var n = random.nextInt(4); n > 0; n--) {
            tables.add(table());
        }
        return tables;
    }

    private TableName table() {
        return TableName.of(random.nextInt(3) == 0 ? name() : "public", name());
    }

    private List<String> texts() {
        var texts = new ArrayList<String>();
        for (var n = random.nextInt(6); n > 0; n--) {
            texts.add(name());
        }
        return texts;
    }

    private String name() {
        return "n" + text(random.nextInt(8) == 0 ? 80 : 10);
    }

    private String text(int longest) {
        var text = new StringBuilder();
        for (var n = random.nextInt(longest + 1); n > 0; n--) {
            var alphabet = ALPHABETS[random.nextInt(3) == 0 ? random.nextInt(ALPHABETS.length) : 0];
            text.appendCodePoint(alphabet.codePointAt(
                    alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())))));
        }
        return text.toString();
    }

    private Transaction transaction() {
        return new Transaction(
                1 + random.nextInt(random.nextBoolean() ? 3 : Integer.MAX_VALUE - 1),
                random.nextLong() >>> random.nextInt(64),
                lsn(),
                random.nextLong() >> random.nextInt(64));
    }

    private Lsn lsn() {
        return Lsn.of(random.nextLong() >>> random.nextInt(64));
    }

    private Position position() {
        return new Position(random.nextInt(Integer.MAX_VALUE), random.nextLong() >>> (1 + random.nextInt(63)));
    }
}
