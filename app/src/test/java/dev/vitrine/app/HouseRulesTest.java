package dev.vitrine.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house that hold for the whole product, seen from its top. */
class HouseRulesTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What the engine's tests lend to those of other modules comes as an archive, once modules are packed.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.vitrine");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.vitrine.(**)").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void dependenciesPointDownOnly() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.vitrine.engine..", "dev.vitrine.lens..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.vitrine.app..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("dev.vitrine.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.vitrine.lens..")
                .check(PRODUCT);
    }

    @Test
    void openCvStaysInItsModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.vitrine.vision..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAnyPackage("dev.vitrine.engine..", "dev.vitrine.lens..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.vitrine.vision..")
                .check(PRODUCT);
    }

    @Test
    void theCommandLineReachesProtobufAndTheRuntimeThroughTheEngineOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.vitrine.app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "dev.vitrine.engine.onnx.proto..", "ai.onnxruntime..")
                .check(PRODUCT);
    }
}
