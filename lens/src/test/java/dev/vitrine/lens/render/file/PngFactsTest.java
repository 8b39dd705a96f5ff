package dev.vitrine.lens.render.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PngFactsTest {
    /** The order of text is part of a file's bytes. */
    @Test
    void textIsInTheOrderGiven() {
        assertThat(Png.facts("Model", "net", "Method", "a", "Source", "b", "Data", "c", "Title", "d"))
                .hasToString("{Software=Vitrine, Model=net, Method=a, Source=b, Data=c, Title=d}");
    }
}
