package dev.vitrine.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that hold for the engine. */
class HouseRulesTest {
    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.vitrine.engine");

    /** Where a node's operator may be compared with a name: the table, the border with its checks, and rewrites. */
    private static final List<String> COMPARING = List.of("check", "graph", "onnx", "operator", "rewrite");

    private static final Pattern COMPARISON = Pattern.compile("(opType|operator)\\(\\)\\s*\\.equals\\(");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.vitrine.engine.(**)").should().beFreeOfCycles().check(ENGINE);
    }

    @Test
    void theEngineKnowsNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.vitrine.lens..", "dev.vitrine.app..", "java.awt..", "javax.imageio..")
                .check(ENGINE);
    }

    @Test
    void onlyTheBorderSeesProtobuf() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.vitrine.engine.onnx..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "dev.vitrine.engine.onnx.proto..")
                .check(ENGINE);
    }

    @Test
    void onlyTheRunnerSeesTheRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.vitrine.engine.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(ENGINE);
    }

    @Test
    void nothingPrintsOrExits() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(ENGINE);
    }

    @Test
    void operatorsAreComparedByTablesTheBorderAndRewritesOnly() throws IOException {
        Path sources = Path.of("src/main/java/dev/vitrine/engine");
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(all).hasSizeGreaterThan(50);
            List<Path> elsewhere = all.stream()
                    .filter(file -> !COMPARING.contains(
                            sources.relativize(file).getName(0).toString()))
                    .toList();
            for (Path file : elsewhere) {
                assertThat(COMPARISON.matcher(Files.readString(file)).find())
                        .as("%s compares a node's operator with a name", file)
                        .isFalse();
            }
        }
    }
}
