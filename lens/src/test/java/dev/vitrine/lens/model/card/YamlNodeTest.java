package dev.vitrine.lens.model.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class YamlNodeTest {
    private static final YamlNode NODE = YamlNode.parse("card.yaml", """
            # a comment
            name: net
            input: &input
              size: big

              mean: [0.5,
                x]
            again: *input
            1.50: number
            layers:
              - conv: 3
                wide: yes
              - flat
            """);

    private static void assertSays(ThrowingCallable reading, String where) {
        assertThatThrownBy(reading).isInstanceOf(VitrineException.class).hasMessageStartingWith("card.yaml, " + where);
    }

    @Test
    void errorsNameTheLineOfTheKey() {
        assertSays(() -> NODE.size("name"), "line 2, key 'name': found the text 'net'");
        assertSays(() -> NODE.child("input").size("size"), "line 4, key 'input.size': found the text 'big'");
        assertSays(() -> NODE.child("input").numbers("mean"), "line 6, key 'input.mean'");
        assertSays(() -> NODE.child("again").size("size"), "line 4, key 'again.size'");
        assertSays(() -> NODE.child("name"), "line 2, key 'name': found the text 'net'; expected keys and values");
        assertSays(() -> NODE.size("1.5"), "line 9, key '1.5': found the text 'number'");
        assertSays(() -> NODE.allowing("name", "input", "again", "1.5"), "line 10, key 'layers': unknown");
        assertSays(() -> NODE.list("layers"), "line 13, key 'layers[1]': found the text 'flat'");
    }

    @Test
    void whatIsMissingHasNoLine() {
        assertSays(() -> NODE.child("input").scalar("fit", "a fit"), "key 'input.fit': found nothing; expected a fit");
        assertThat(NODE.child("none").keys()).isEmpty();
    }

    @Test
    void aKeyGivenTwiceIsAnErrorWithItsLine() {
        assertThatThrownBy(() -> YamlNode.parse("card.yaml", "name: a\nname: b\n"))
                .isInstanceOf(VitrineException.class)
                .hasMessageStartingWith("card.yaml, line ")
                .hasMessageContaining("duplicate key name");
    }
}
