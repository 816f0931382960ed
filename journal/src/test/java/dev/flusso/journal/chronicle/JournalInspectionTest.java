package dev.flusso.journal.chronicle;

import static dev.flusso.journal.Samples.change;
import static dev.flusso.journal.Samples.commit;
import static dev.flusso.journal.Samples.lane;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.JournalInspection;
import dev.flusso.journal.JournalInspection.Check;
import dev.flusso.journal.JournalInspection.Finding;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Position;
import dev.flusso.journal.Samples;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class JournalInspectionTest {

    @TempDir
    Path directory;

    private Path journal() {
        return directory.resolve("journal");
    }

    private static List<Finding> findings(JournalInspection inspection) throws IOException {
        var findings = new ArrayList<Finding>();
        inspection.verify(findings::add);
        return findings;
    }

    @Test
    void tellsOfAJournalThatIsNotThere() throws IOException {
        var inspection = ChronicleJournal.inspect(journal());
        assertThat(inspection.summary().exists()).isFalse();
        assertThat(findings(inspection)).isEmpty();
        assertThat(Files.exists(journal())).isFalse();
    }

    @Test
    void tellsWhatThereIsWhileItIsWritten() throws IOException {
        try (var open = Journals.open(journal())) {
            open.appender().claim(Samples.SOURCE);
            var written = 0;
            while (open.appender().newest().index() >>> 32 < 2) {
                open.appender().append(written % 2 == 0 ? change(written, "x".repeat(5000)) : commit(written));
                written++;
            }
            open.lanes().save(lane("users", LanePhase.TAILING, open.appender().newest()));
            open.lanes().save(lane("orders", LanePhase.TAILING, open.appender().newest()));
            Files.writeString(journal().resolve("lanes/primary/orders/1.lane"), "nonsense\n");

            var inspection = ChronicleJournal.inspect(journal());
            var summary = inspection.summary();
            assertThat(summary.exists()).isTrue();
            assertThat(summary.epoch()).isEqualTo(1);
            assertThat(summary.clean()).isFalse();
            assertThat(summary.source()).isEqualTo(Samples.SOURCE);
            assertThat(summary.oldest()).isEqualTo(Position.BEGINNING);
            assertThat(summary.newest()).isEqualTo(open.appender().newest());
            assertThat(summary.oldestAt()).isEqualTo(Samples.transaction(0).committedAt());
            assertThat(summary.newestAt())
                    .isEqualTo(Samples.transaction(written - 1).committedAt());
            assertThat(summary.segments()).hasSize(3);
            assertThat(summary.segments().get(0).previous()).isEqualTo(Position.BEGINNING);
            assertThat(summary.segments().get(0).last())
                    .isEqualTo(summary.segments().get(1).previous());
            assertThat(summary.segments().get(2).last())
                    .isEqualTo(open.appender().newest());
            assertThat(summary.bytes()).isPositive();
            assertThat(summary.lanes())
                    .extracting(lane -> lane.lane().toString())
                    .containsExactly("primary/users");
            assertThat(summary.unreadableLanes()).singleElement().asString().contains("orders/1.lane", "forget");

            var findings = findings(inspection);
            assertThat(findings).hasSize(written).allMatch(finding -> finding.check() == Check.GOOD);
            assertThat(findings).extracting(Finding::position).isSorted();
            open.appender().append(change(1));
        }
        assertThat(ChronicleJournal.inspect(journal()).summary().clean()).isTrue();
    }

    @Test
    void verifyNamesThePlaceOfDamage() throws IOException {
        try (var open = Journals.open(journal())) {
            for (var n = 0; n < 100; n++) {
                open.appender().append(change(n));
            }
        }
        var good = findings(ChronicleJournal.inspect(journal()));
        assertThat(good).hasSize(100);
        var victim = good.get(40);
        try (var file = new RandomAccessFile(victim.file().toFile(), "rw")) {
            file.seek(victim.offset() + 4 + victim.bytes() - 1);
            file.write(0xFF);
        }
        var findings = findings(ChronicleJournal.inspect(journal()));
        assertThat(findings).hasSize(100);
        assertThat(findings.get(40).check()).isEqualTo(Check.DAMAGED);
        assertThat(findings.get(40).position()).isEqualTo(victim.position());
        assertThat(findings.get(40).detail())
                .contains("checksum", "byte " + victim.offset(), victim.file().toString());
        assertThat(findings.stream().filter(finding -> finding.check() == Check.GOOD))
                .hasSize(99);
    }

    @Test
    void whatACrashLeftIsNoDamage() throws IOException {
        var open = Journals.open(journal(), "one");
        for (var n = 0; n < 100; n++) {
            open.appender().append(change(n));
        }
        open.abandon();
        var victim = findings(ChronicleJournal.inspect(journal())).get(90);
        try (var file = new RandomAccessFile(victim.file().toFile(), "rw")) {
            file.seek(victim.offset() + 4 + victim.bytes() - 1);
            file.write(0xFF);
        }
        Journals.open(journal(), "two").close();
        var findings = findings(ChronicleJournal.inspect(journal()));
        assertThat(findings.subList(0, 90)).allMatch(finding -> finding.check() == Check.GOOD);
        assertThat(findings.subList(90, 100)).allMatch(finding -> finding.check() == Check.LEFT_BY_CRASH);
    }
}
