package dev.vitrine.app;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vitrine demo}, and the networks that come with the program. */
class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void explainsPhotosAndDigitsAndSaysWhereToLook() throws Exception {
        Path out = folder.resolve("tour");
        String said = vitrine("demo", "--out", out).succeeds().out();
        assertThat(said)
                .containsPattern("sunflower.jpg +[0-9.]+ % +18 sunflower")
                .containsPattern("leopard.jpg +[0-9.]+ % +4 leopard")
                .containsPattern("grand-piano.jpg +[0-9.]+ % +10 grand piano")
                .containsPattern("ketch.jpg +[0-9.]+ % +7 ketch")
                .containsPattern("starfish.jpg +[0-9.]+ % +16 starfish")
                .containsPattern("face.jpg +[0-9.]+ % +2 face")
                .containsPattern("(?m)^cup.jpg +[0-9.]+ % +29 cup")
                .containsPattern("figurine-cup.jpg +[0-9.]+ % +19 ewer")
                .contains("figurine-cup.jpg: It says ewer")
                .contains("with that part covered, the network says cup");
        assertThat(said)
                .containsPattern("two.png +[0-9.]+ % +2 two")
                .containsPattern("five.png +[0-9.]+ % +5 five")
                .containsPattern("eight.png +[0-9.]+ % +8 eight");
        for (String kind : new String[] {"photos", "digits"}) {
            Path page = out.resolve(kind + "-explained/index.html");
            assertThat(said).contains(page.toAbsolutePath().toString());
            assertThat(Files.readString(page)).contains("Grad-CAM");
        }
    }

    @Test
    void withoutAModelTheUsualOneAnswers() {
        Path picture = Shell.picture(folder, "a.png", 60, 40);
        String said = vitrine("explain", picture, "--method", "gradient", "--out", folder.resolve("out"))
                .succeeds()
                .out();
        assertThat(said).contains("a.png");
        assertThat(vitrine("layers", "mnist-cnn").succeeds().out()).contains("conv1", "fc4");
    }

    @Test
    void aFileOfTheSameNameGoesFirst() throws Exception {
        vitrine("layers", "zf-caltech").succeeds();
        vitrine("layers", folder.resolve("zf-caltech")).failsWith(1, "no such file");
    }
}
