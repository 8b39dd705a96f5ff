package dev.vitrine.study;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.vitrine.engine.graph.Node;
import org.junit.jupiter.api.Test;

/** The rules of the house that hold for studies. */
class HouseRulesTest {
    private static final JavaClasses STUDY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.vitrine.study");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.vitrine.(**)").should().beFreeOfCycles().check(STUDY);
    }

    @Test
    void studiesKnowNoFace() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.vitrine.app..", "picocli..")
                .check(STUDY);
    }

    @Test
    void studiesReachProtobufAndTheRuntimeThroughTheEngineOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "dev.vitrine.engine.onnx.proto..", "ai.onnxruntime..")
                .check(STUDY);
    }

    /** {@code operator()} tells a domain's operators apart; the bare type does not. */
    @Test
    void nodesAreAskedForTheirFullOperator() {
        noClasses().should().callMethod(Node.class, "opType").check(STUDY);
    }
}
