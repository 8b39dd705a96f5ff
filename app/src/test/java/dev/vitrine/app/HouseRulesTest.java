package dev.vitrine.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that hold for the whole product, seen from its top. */
class HouseRulesTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What the engine's tests lend to those of other modules comes as an archive, once modules are packed.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.vitrine");

    /** Draws the inside of SVG elements. */
    private static final String CANVAS = "SvgCanvas.java";

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

    /** No API that is on its way out, and no way into what the JDK keeps to itself. */
    @Test
    void aLaterJavaRefusesNothing() {
        assertThat(isDeprecated("java.lang.Thread", "stop", List.of())).isTrue();
        assertThat(isDeprecated("java.lang.Integer", "<init>", List.of("int"))).isTrue();
        assertThat(isDeprecated("java.util.ArrayList", "size", List.of())).isFalse();
        assertThat(PRODUCT.stream()
                        .flatMap(one -> one.getCodeUnitCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getPackageName().startsWith("java"))
                        .filter(call -> isDeprecated(
                                call.getTargetOwner().getName(),
                                call.getTarget().getName(),
                                call.getTarget().getRawParameterTypes().stream()
                                        .map(JavaClass::getName)
                                        .toList()))
                        .map(JavaCall::getDescription))
                .isEmpty();
        noClasses()
                .should()
                .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.nameMatching("(trySet|set)Accessible")))
                .check(PRODUCT);
        // Signals of the system have no other interface; the module jdk.unsupported exports this one.
        noClasses()
                .that()
                .doNotHaveSimpleName("Stop")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("sun..", "com.sun..", "jdk..")
                        // Exported by the module jdk.management.
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("com.sun.management"))))
                .check(PRODUCT);
    }

    /** Of a method or constructor of the JDK, its own or inherited. */
    private static boolean isDeprecated(String owner, String name, List<String> parameters) {
        try {
            Class<?> type = Class.forName(owner);
            return type.isAnnotationPresent(Deprecated.class)
                    || Stream.<Executable>concat(
                                    Stream.concat(Stream.of(type.getMethods()), Stream.of(type.getDeclaredMethods())),
                                    Stream.of(type.getDeclaredConstructors()))
                            .filter(one -> one instanceof Constructor
                                    ? name.equals("<init>")
                                    : one.getName().equals(name))
                            .filter(one -> Stream.of(one.getParameterTypes())
                                    .map(Class::getName)
                                    .toList()
                                    .equals(parameters))
                            .anyMatch(one -> one.isAnnotationPresent(Deprecated.class));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Text in templates is escaped by context; text that Java glues to markup is not. */
    @Test
    void markupStandsInTemplates() throws IOException {
        Pattern markup = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*</?[a-zA-Z!](?:[^\"\\\\\n]|\\\\.)*\"");
        List<String> found = new ArrayList<>();
        for (Path module : List.of(Path.of("src"), Path.of("../study/src"), Path.of("../vision/src"))) {
            try (Stream<Path> sources = Files.walk(module.resolve("main/java"))) {
                for (Path source : sources.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith(CANVAS))
                        .toList()) {
                    markup.matcher(Files.readString(source))
                            .results()
                            .forEach(match -> found.add(source + ": " + match.group()));
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
