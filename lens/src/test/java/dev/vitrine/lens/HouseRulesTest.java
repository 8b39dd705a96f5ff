package dev.vitrine.lens;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.vitrine.engine.graph.Node;
import org.junit.jupiter.api.Test;

/** The rules of the house that hold for the lens. */
class HouseRulesTest {
    private static final JavaClasses LENS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.vitrine.lens");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.vitrine.(**)").should().beFreeOfCycles().check(LENS);
    }

    @Test
    void theLensKnowsNoStudyAndNoFace() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.vitrine.study..", "dev.vitrine.app..", "picocli..")
                .check(LENS);
    }

    @Test
    void theLensReachesProtobufAndTheRuntimeThroughTheEngineOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "dev.vitrine.engine.onnx.proto..", "ai.onnxruntime..")
                .check(LENS);
    }

    @Test
    void numbersAreMadeWithoutDrawing() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.vitrine.lens.attribution..", "dev.vitrine.lens.objective..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.vitrine.lens.render..", "java.awt..", "javax.imageio..")
                .check(LENS);
    }

    /** {@code operator()} tells a domain's operators apart; the bare type does not. */
    @Test
    void nodesAreAskedForTheirFullOperator() {
        noClasses().should().callMethod(Node.class, "opType").check(LENS);
    }
}
