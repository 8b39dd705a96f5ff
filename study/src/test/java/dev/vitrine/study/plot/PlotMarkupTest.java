package dev.vitrine.study.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.study.page.Html;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** In a page a plot is well-formed SVG whose words are text, and none of them lie outside. */
class PlotMarkupTest {
    private static final String HOSTILE = "<script>&\"'</script> conv1";

    private static Element parse(String markup) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(markup)))
                .getDocumentElement();
    }

    private static String figure(Plot plot, Plot.Breadth breadth) {
        return Html.of(output -> JtefigureGenerated.render(output, null, plot, breadth));
    }

    private static String key(Plot plot) {
        return Html.of(output -> JtekeyGenerated.render(output, null, plot));
    }

    private static List<String> texts(Element root) {
        List<String> texts = new ArrayList<>();
        NodeList nodes = root.getElementsByTagName("text");
        for (int index = 0; index < nodes.getLength(); index++) {
            texts.add(nodes.item(index).getTextContent());
        }
        return texts;
    }

    private static LinePlot lines(int count, String word) {
        List<LinePlot.Place> places = IntStream.range(0, count)
                .mapToObj(index -> new LinePlot.Place(index, word.isEmpty() ? "" + 10 * index : word + index))
                .toList();
        return new LinePlot(
                "Accuracy " + HOSTILE,
                "layer " + HOSTILE,
                places,
                0,
                0.00003,
                OptionalDouble.of(0.00002),
                List.of(new LinePlot.Line(HOSTILE, 9, Collections.nCopies(count, 0.00001))));
    }

    @Test
    void wordsOfALinePlotAreText() throws Exception {
        Element root = parse(figure(lines(6, ""), Plot.Breadth.NARROW));
        assertThat(texts(root))
                .contains("0", "0.00001", "0.00002", "0.00003", "10", "50", "layer " + HOSTILE)
                .hasSize(11);
        assertThat(root.getElementsByTagName("script").getLength()).isZero();
        assertThat(parse(key(lines(6, ""))).getTextContent()).contains(HOSTILE);
    }

    @Test
    void numbersThatDoNotFitAreLeftOutEvenly() throws Exception {
        List<Integer> shown = texts(parse(figure(lines(100, ""), Plot.Breadth.NARROW))).stream()
                .filter(text -> text.matches("[1-9]\\d*0"))
                .map(Integer::valueOf)
                .toList();
        assertThat(shown).hasSizeBetween(5, 25);
        int step = shown.get(1) - shown.get(0);
        for (int index = 1; index < shown.size(); index++) {
            assertThat(shown.get(index) - shown.get(index - 1)).isEqualTo(step);
        }
    }

    @Test
    void namesThatDoNotFitSideBySideRise() throws Exception {
        Element root = parse(figure(lines(17, "fire/expand3x3-"), Plot.Breadth.NARROW));
        NodeList nodes = root.getElementsByTagName("text");
        int rising = 0;
        for (int index = 0; index < nodes.getLength(); index++) {
            rising += ((Element) nodes.item(index)).getAttribute("transform").contains("rotate") ? 1 : 0;
        }
        assertThat(rising).isEqualTo(17);
        assertThat(lines(17, "fire/expand3x3-").height(Plot.Breadth.NARROW))
                .isGreaterThan(lines(17, "").height(Plot.Breadth.NARROW));
    }

    @Test
    void aBarPlotNamesItsRowsAndShares() throws Exception {
        BarPlot plot = new BarPlot(
                "Error",
                "top-1",
                "top-5",
                new BarPlot.Limit("whole", 0.2),
                List.of(
                        new BarPlot.Row("conv1", 0.3, new LinePlot.Span(0.25, 0.35), 0.1),
                        new BarPlot.Row("conv2", 0.4, new LinePlot.Span(0.35, 0.45), 0.2)));
        Element root = parse(figure(plot, Plot.Breadth.BROAD));
        assertThat(texts(root)).contains("conv1", "conv2", "30.0 %", "40.0 %", "0 %", "50 %");
        assertThat(root.getElementsByTagName("rect").getLength()).isEqualTo(4);
    }
}
