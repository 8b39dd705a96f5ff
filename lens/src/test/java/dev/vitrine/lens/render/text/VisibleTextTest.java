package dev.vitrine.lens.render.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void whatCommandsOrTurnsIsShownByItsCode() {
        assertThat(VisibleText.line("a\u001b[31m\u0007\r\n\tb\u0000\u007f\u009b"))
                .isEqualTo("a\\u001b[31m\\u0007\\r\\n\\tb\\u0000\\u007f\\u009b");
        assertThat(VisibleText.line("\u202egnp.exe\u2066\u200f\u061c\u2028\ufeff\ud800"))
                .isEqualTo("\\u202egnp.exe\\u2066\\u200f\\u061c\\u2028\\ufeff\\ud800");
        assertThat(VisibleText.line("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void whatIsSeenStays() {
        String seen = "C:\\x\u00fc \u732b \u05d0\u0628 \ud83d\udc69\u200d\ud83d\ude80 \ud83e\udee0 e\u0301 <b> '\"&";
        assertThat(VisibleText.line(seen)).isEqualTo(seen);
        assertThat(VisibleText.page("a\n\tb")).isEqualTo("a\n\tb");
    }

    @Test
    void longNamesAndTextsLoseTheirMiddles() {
        String name = "\ud83d\ude00".repeat(5000);
        assertThat(VisibleText.line("Layer '" + name + "' has 3 channels"))
                .startsWith("Layer '\ud83d\ude00")
                .endsWith("\ud83d\ude00' has 3 channels")
                .contains(" characters \u2026")
                .doesNotContain("\\u")
                .hasSizeLessThan(1000);
        assertThat(VisibleText.line("many words ".repeat(10_000))).hasSizeLessThan(4100);
        String path = "/folder".repeat(500);
        assertThat(VisibleText.line(path)).isEqualTo(path);
    }
}
