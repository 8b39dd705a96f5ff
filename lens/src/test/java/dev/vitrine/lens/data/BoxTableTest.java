package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTableTest {
    @Test
    void readsBoxesByNameWithOrWithoutTitles() {
        String rows = "cats/tom.jpg,1,2,3,4\n\n\"a, \"\"b\"\".png\" , 0,0,5.5,6\ncats/tom.jpg,7,8,9,10\n";
        for (String text : new String[] {rows, "file,xmin,ymin,xmax,ymax\r\n" + rows}) {
            BoxTable table = BoxTable.parse("boxes.csv", text);
            assertThat(table.of(named("cats/tom.jpg", "x/a, \"b\".png", "tom.jpg")))
                    .containsExactly(
                            List.of(new Box(1, 2, 3, 4), new Box(7, 8, 9, 10)),
                            List.of(new Box(0, 0, 5.5, 6)),
                            List.of());
        }
    }

    @Test
    void aLineCountsForTheOneFileThatItNames() {
        BoxTable table = BoxTable.parse("boxes.csv", "a.png,1,2,3,4\nb.png,0,0,5,6\n");
        assertThat(table.of(named("one/a.png", "two/a.png", "two/b.png")))
                .containsExactly(List.of(), List.of(), List.of(new Box(0, 0, 5, 6)));
        assertThat(table.of(named("a.png", "two/a.png"))).containsExactly(List.of(new Box(1, 2, 3, 4)), List.of());
    }

    private static PictureList named(String... names) {
        return new PictureList() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public String name(int index) {
                return names[index];
            }

            @Override
            public Picture read(int index) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String content(int index) {
                return "";
            }
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.jpg,1,2,3|found 4 columns in 'a.jpg,1,2,3'",
                "a.jpg,1,2,3,4/b.jpg,1,x,3,4|line 2: found 'b.jpg,1,x,3,4'",
                "a.jpg,5,2,3,4|xmin below xmax",
                "a.jpg,NaN,2,3,4|xmin below xmax",
                "file,xmin,ymin,xmax,ymax|holds no boxes",
                "\"a.jpg,1,2,3,4/b.jpg,1,2,3,4|line 1: found 1 columns",
            })
    void saysWhatIsWrong(String text, String expected) {
        assertThatThrownBy(() -> BoxTable.parse("boxes.csv", text.replace('/', '\n')))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("boxes.csv")
                .hasMessageContaining(expected);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> BoxTable.read(Path.of("no-such.csv")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("no-such.csv");
    }
}
