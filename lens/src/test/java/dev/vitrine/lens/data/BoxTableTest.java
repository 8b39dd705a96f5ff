package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTableTest {
    @Test
    void readsBoxesByNameWithOrWithoutTitles() {
        String rows = "cats/tom.jpg,1,2,3,4\n\n\"a, \"\"b\"\".png\" , 0,0,5.5,6\ncats/tom.jpg,7,8,9,10\n";
        for (String text : new String[] {rows, "file,xmin,ymin,xmax,ymax\r\n" + rows}) {
            BoxTable table = BoxTable.parse("boxes.csv", text);
            assertThat(table.of("cats/tom.jpg")).containsExactly(new Box(1, 2, 3, 4), new Box(7, 8, 9, 10));
            assertThat(table.of("x/a, \"b\".png")).containsExactly(new Box(0, 0, 5.5, 6));
            assertThat(table.of("tom.jpg")).isEmpty();
        }
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
