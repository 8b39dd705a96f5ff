package dev.vitrine.lens.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.vitrine.engine.VitrineException;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SettingsTest {
    enum Taste {
        SWEET,
        VERY_SOUR
    }

    record Word(String label) implements Labeled {}

    record Cake(
            String kept,
            @Setting(least = 1, meaning = "layers") int layers,

            @Setting(label = "SHARE", above = 0, below = 1, meaning = "share of sugar")
            double sugarShare,

            @Setting(meaning = "taste") Taste taste,

            @Setting(least = 2, otherwise = "as many as guests", meaning = "pieces")
            OptionalInt pieces,

            @Setting(otherwise = "none", meaning = "topping")
            Optional<String> topping,

            @Setting(meaning = "maker") Word maker,

            @Setting(above = 0, most = 1, meaning = "share that is eaten")
            double eaten) {
        Cake {
            Settings.require(Cake.class, kept, layers, sugarShare, taste, pieces, topping, maker, eaten);
        }
    }

    private static final Cake CAKE =
            new Cake("kept", 3, 0.25, Taste.VERY_SOUR, OptionalInt.empty(), Optional.empty(), new Word("me"), 1);

    private static DeclaredSetting setting(String name) {
        return Settings.find(Cake.class, name).orElseThrow();
    }

    @Test
    void textsHaveWhatIsThereInOrder() {
        assertThat(Settings.texts(CAKE))
                .containsExactly(
                        entry("layers", "3"),
                        entry("sugar-share", "0.25"),
                        entry("taste", "very-sour"),
                        entry("maker", "me"),
                        entry("eaten", "1.0"));
        assertThat(Settings.texts(Settings.with(CAKE, "pieces", 8))).containsEntry("pieces", "8");
        assertThat(Settings.texts(Settings.with(CAKE, "topping", "nuts"))).containsEntry("topping", "nuts");
    }

    @Test
    void withKeepsTheRestAndChecks() {
        Cake changed = Settings.with(CAKE, "layers", 5);
        assertThat(changed)
                .isEqualTo(new Cake(
                        "kept", 5, 0.25, Taste.VERY_SOUR, OptionalInt.empty(), Optional.empty(), new Word("me"), 1));
        assertThatThrownBy(() -> Settings.with(CAKE, "layers", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers 0: expected a whole number from 1 up");
        assertThatThrownBy(() -> Settings.with(CAKE, "sugar-share", Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sugar-share NaN: expected a number between 0 and 1");
        assertThatThrownBy(() -> Settings.with(CAKE, "eaten", 1.5))
                .hasMessage("eaten 1.5: expected a number above 0, up to 1");
        assertThatThrownBy(() -> Settings.with(CAKE, "pieces", 1)).hasMessageContaining("from 2 up");
        assertThatThrownBy(() -> Settings.with(CAKE, "kept", "no")).hasMessageContaining("has no setting 'kept'");
    }

    @Test
    void textsAreParsedOrRefused() {
        assertThat(setting("layers").parse("--layers", " 4 ", Optional.of("3"))).isEqualTo(4);
        assertThat(setting("pieces").parse("--pieces", "4", Optional.empty())).isEqualTo(4);
        assertThat(setting("sugar-share").parse("--sugar-share", "1e-3", Optional.empty()))
                .isEqualTo(0.001);
        assertThat(setting("taste").parse("--taste", "Very-Sour", Optional.empty()))
                .isEqualTo(Taste.VERY_SOUR);
        assertThatThrownBy(() -> setting("layers").parse("--layers", "many", Optional.of("3")))
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.kind()).isEqualTo(VitrineException.Kind.USAGE))
                .hasMessage("--layers many: expected a whole number from 1 up, such as 3.");
        assertThatThrownBy(() -> setting("sugar-share").parse("--sugar-share", "1", Optional.empty()))
                .hasMessage("--sugar-share 1: expected a number between 0 and 1.");
        assertThatThrownBy(() -> setting("taste").parse("--taste", "bitter", Optional.of("sweet")))
                .hasMessage("--taste bitter: expected one of sweet, very-sour.");
    }

    @Test
    void valuesForOneAreStrongerThanValuesForAll() {
        SettingValues values = SettingValues.NONE
                .with("cake", "layers", 7)
                .with("layers", 2)
                .with("unknown", 1)
                .with("pie", "layers", 9);
        assertThat(values.on("cake", CAKE).layers()).isEqualTo(7);
        assertThat(values.on("pie", CAKE).layers()).isEqualTo(9);
        assertThat(values.on("bread", CAKE).layers()).isEqualTo(2);
        assertThat(SettingValues.NONE.on("cake", CAKE)).isEqualTo(CAKE);
    }
}
