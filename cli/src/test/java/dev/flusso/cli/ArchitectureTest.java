package dev.flusso.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;

/** Holds the table of DESIGN §2: which module may know which, and what none of them may do. */
class ArchitectureTest {
    /** Each module and those it may use; {@code cli} and what stands beside it in the table may use all of them. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "schema", Set.of(),
            "journal", Set.of(),
            "capture", Set.of("journal", "schema"),
            "worker", Set.of("journal", "schema"),
            "postgres", Set.of("capture", "worker", "journal", "schema"),
            "opensearch", Set.of("worker", "schema", "journal"),
            "cli", Set.of("capture", "worker", "journal", "schema", "postgres", "opensearch"));

    /** Besides those: the poms of modules that are no part of the program. */
    private static final Map<String, Set<String>> POMS = Map.of(
            // the child process' classpath, which is never on ours
            "dev/servers", Set.of("dev-opensearch-node"),
            "dev/opensearch-node", Set.of());

    /** Who may start a thread below the command: the journal's thread that forces, and the stream's that reports. */
    private static final Set<String> THREAD_OWNERS =
            Set.of("dev.flusso.journal.chronicle.ForcingThread", "dev.flusso.postgres.stream.ReplicationStream");

    private static final String DOCUMENT = "dev.flusso.postgres.document..";
    private static final String EXPECTATION = "dev.flusso.postgres.expectation..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flusso");

    @TestFactory
    List<DynamicTest> modulesUseOnlyWhatTheTableAllows() {
        var tests = new ArrayList<DynamicTest>();
        ARROWS.forEach((module, allowed) -> tests.add(DynamicTest.dynamicTest(module, () -> {
            var forbidden = ARROWS.keySet().stream()
                    .filter(other -> !other.equals(module) && !allowed.contains(other))
                    .map(other -> "dev.flusso." + other + "..")
                    .toArray(String[]::new);
            if (forbidden.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage("dev.flusso." + module + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden)
                        .allowEmptyShould(true)
                        .check(CLASSES);
            }
        })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> pomsNameOnlyWhatTheTableAllows() {
        var tests = new ArrayList<DynamicTest>();
        ARROWS.forEach((module, allowed) -> tests.add(
                DynamicTest.dynamicTest(module, () -> assertThat(allowed).containsAll(pomArrows(module)))));
        POMS.forEach((module, allowed) -> tests.add(
                DynamicTest.dynamicTest(module, () -> assertThat(allowed).containsAll(pomArrows(module)))));
        return tests;
    }

    @Test
    void everyClassBelongsToAModuleOfTheTable() {
        var known =
                ARROWS.keySet().stream().map(module -> "dev.flusso." + module).toList();
        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.startsWith("dev.flusso.dev."))
                        .filter(name ->
                                known.stream().noneMatch(root -> name.equals(root) || name.startsWith(root + "."))))
                .isEmpty();
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("dev.flusso.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void packagesOfTheCommandHaveNoCycles() {
        slices().matching("dev.flusso.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheJournalsEngineKnowsChronicle() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.flusso.journal.chronicle..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.openhft..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEdgeToPostgresKnowsItsDriver() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.flusso.postgres..", "dev.flusso.dev..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.postgresql..", "java.sql..", "javax.sql..", "com.zaxxer..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEdgeToOpenSearchKnowsItsClient() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.flusso.opensearch..", "dev.flusso.dev..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.opensearch..", "org.apache.http..")
                .check(CLASSES);
    }

    /** What {@code verify} expects is put together by other means than the worker's, or it would share the worker's faults. */
    @Test
    void theWorkersDocumentsAndThoseTheyAreVerifiedByShareNothing() {
        for (var pair : Map.of(DOCUMENT, EXPECTATION, EXPECTATION, DOCUMENT).entrySet()) {
            noClasses()
                    .that()
                    .resideInAPackage(pair.getKey())
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(pair.getValue())
                    .check(CLASSES);
        }
        var ownModule = DescribedPredicate.describe(
                "are of the same module",
                (JavaClass type) -> type.getPackageName().startsWith("dev.flusso.postgres"));
        assertThat(usedBy(EXPECTATION, ownModule)).containsOnlyKeys("dev.flusso.postgres.PostgresAddress");
    }

    /** Classes that the classes of a package use, those of the package itself left out, by name. */
    private static Map<String, JavaClass> usedBy(String userPackage, DescribedPredicate<JavaClass> which) {
        var used = new TreeMap<String, JavaClass>();
        for (var user : CLASSES.that(JavaClass.Predicates.resideInAPackage(userPackage))) {
            for (var dependency : user.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass();
                if (which.test(target)
                        && !JavaClass.Predicates.resideInAPackage(userPackage).test(target)) {
                    used.put(topLevelName(target), target);
                }
            }
        }
        return used;
    }

    @Test
    void nothingBelowTheCommandStartsThreads() {
        noClasses()
                .that(resideBelowTheCommand())
                .and(DescribedPredicate.not(oneOf("own a thread", THREAD_OWNERS)))
                .should()
                .callMethodWhere(startsAThread())
                .orShould()
                .callConstructorWhere(callOf("a thread or an executor", List.of("java.lang.Thread", "java.util.Timer")))
                .check(CLASSES);
    }

    @Test
    void nothingBelowTheCommandSleepsOrReadsTheTimeByItself() {
        noClasses()
                .that(resideBelowTheCommand())
                .should()
                .callMethodWhere(readsTheTimeOrSleeps())
                .check(CLASSES);
    }

    @Test
    void nobodyLogsToTheStandardStreams() {
        noClasses()
                .that(resideBelowTheCommand())
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandEndsTheProcess() {
        noClasses()
                .that(resideBelowTheCommand())
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> resideBelowTheCommand() {
        return DescribedPredicate.describe("reside below the command", type -> {
            var name = type.getPackageName();
            return ARROWS.keySet().stream()
                    .filter(module -> !module.equals("cli"))
                    .map(module -> "dev.flusso." + module)
                    .anyMatch(root -> name.equals(root) || name.startsWith(root + "."));
        });
    }

    private static DescribedPredicate<JavaClass> oneOf(String what, Set<String> names) {
        return DescribedPredicate.describe(what, type -> names.contains(topLevelName(type)));
    }

    private static String topLevelName(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static DescribedPredicate<JavaAccess<?>> startsAThread() {
        return DescribedPredicate.describe("starts a thread", access -> {
            var owner = access.getTargetOwner().getName();
            var name = access.getTarget().getName();
            return (owner.equals("java.lang.Thread") && name.equals("start"))
                    || owner.equals("java.util.concurrent.Executors")
                    || (owner.equals("java.util.concurrent.CompletableFuture") && name.endsWith("Async"))
                    || (owner.equals("java.util.Collection") && name.equals("parallelStream"));
        });
    }

    private static DescribedPredicate<JavaAccess<?>> callOf(String what, List<String> owners) {
        return DescribedPredicate.describe(
                "makes " + what,
                access -> owners.contains(access.getTargetOwner().getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheTimeOrSleeps() {
        return DescribedPredicate.describe("reads the time or sleeps", access -> {
            var owner = access.getTargetOwner().getName();
            var target = access.getTarget();
            var name = target.getName();
            return switch (owner) {
                case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
                case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
                case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
                default -> owner.startsWith("java.time.") && name.equals("now") && takesNoClock(target);
            };
        });
    }

    private static boolean takesNoClock(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget method
                && method.getRawParameterTypes().stream()
                        .noneMatch(type -> type.getName().equals("java.time.Clock"));
    }

    /** The modules a pom depends on outside of tests. */
    private static Set<String> pomArrows(String module) throws Exception {
        var pom = root().resolve(module).resolve("pom.xml");
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        var arrows = new TreeSet<String>();
        var dependencies = document.getElementsByTagName("dependency");
        for (var i = 0; i < dependencies.getLength(); i++) {
            var dependency = (Element) dependencies.item(i);
            var artifact = text(dependency, "artifactId");
            if (artifact.startsWith("flusso-") && !text(dependency, "scope").equals("test")) {
                arrows.add(artifact.substring("flusso-".length()));
            }
        }
        return arrows;
    }

    private static String text(Element dependency, String name) {
        var elements = dependency.getElementsByTagName(name);
        return elements.getLength() == 0
                ? ""
                : elements.item(0).getTextContent().strip();
    }

    private static Path root() {
        var root = Path.of(System.getProperty("flusso.root", ".."));
        assertThat(root.resolve("cli/pom.xml")).as("the repository's root").matches(Files::exists);
        return root;
    }
}
