package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/**
 * Every example in the help and in the documents, split as a shell splits it, is a request that the command accepts.
 */
class ExamplesParseTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");
    private static final Pattern NAMED = Pattern.compile("(?:`|^)(?:\\./)?vitrine ([a-z]+)(?=[ `])", Pattern.MULTILINE);
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(?:sh|bash|shell)?\\n(.*?)^```$");
    private static final Pattern COMMAND = Pattern.compile("^\\s*(?:[A-Z_]+=\\S+ )*(?:\\./)?vitrine (.*)$");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"'\\\\]|\"[^\"]*\"|'[^']*'|\\\\.)+");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'|\\\\(.)");
    private static final Pattern END = Pattern.compile("[|>#].*|[0-9]>.*|&&?|;");
    private static final Pattern FILE_OR_NAME = Pattern.compile(".*[./:\\-0-9A-Z].*");
    private static final int FEWEST_IN_HELP = 30;
    private static final int FEWEST_IN_DOCUMENTS = 30;

    private static CommandLine line() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Vitrine(new Terminal(nowhere, nowhere, Terminal.Liveliness.QUIET, 100), new Stop()).commandLine();
    }

    private static Stream<CommandLine> withSubcommands(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(ExamplesParseTest::withSubcommands));
    }

    @TestFactory
    Stream<DynamicTest> examplesOfTheHelp() {
        List<DynamicTest> tests = new ArrayList<>();
        withSubcommands(line()).forEach(command -> {
            for (String example : examples(command.getUsageMessage(CommandLine.Help.Ansi.OFF))) {
                tests.add(
                        dynamicTest(command.getCommandSpec().qualifiedName() + ": " + example, () -> parses(example)));
            }
        });
        assertThat(tests).hasSizeGreaterThan(FEWEST_IN_HELP);
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> examplesOfTheDocuments() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            Matcher fence = FENCE.matcher(Files.readString(document));
            while (fence.find()) {
                for (String example : examples(fence.group(1))) {
                    tests.add(dynamicTest(ROOT.relativize(document) + ": " + example, () -> parses(example)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(FEWEST_IN_DOCUMENTS);
        return tests.stream();
    }

    /** Options and commands that the text names exist, if only in some command. */
    @Test
    void optionsAndCommandsOfTheDocumentsExist() throws IOException {
        Map<String, CommandLine> commands = line().getSubcommands();
        Set<String> options = new TreeSet<>();
        withSubcommands(line())
                .forEach(command ->
                        command.getCommandSpec().options().forEach(option -> options.addAll(List.of(option.names()))));
        assertThat(options).contains("--model", "--epsilon", "--summary");
        for (Path document : documents()) {
            String text = Files.readString(document);
            assertThat(OPTION.matcher(text).results().map(MatchResult::group))
                    .as("options in %s", document)
                    .allMatch(options::contains);
            assertThat(NAMED.matcher(text).results().map(found -> found.group(1)))
                    .as("commands in %s", document)
                    .allMatch(commands::containsKey);
        }
    }

    @Test
    void findsAnExampleThatDoesNotRunAsPrinted() {
        parses("explain photo.jpg --target \"king penguin\" # a comment");
        assertThatThrownBy(() -> parses("explain photo.jpg --targte 3")).hasMessageContaining("--targte");
        assertThatThrownBy(() -> parses("style content.jpg")).hasMessageContaining("STYLE");
        assertThatThrownBy(() -> parses("explain photo.jpg --target king penguin"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("penguin");
        assertThat(words("a 'b c' \"d\"e f\\ g > file")).containsExactly("a", "b c", "de", "f g");
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(ROOT::resolve),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .toList();
        }
    }

    /** Command lines of the program, with continuation lines joined, without its name. */
    private static List<String> examples(String text) {
        List<String> found = new ArrayList<>();
        for (String line : text.replaceAll("\\\\\\n\\s*", "").lines().toList()) {
            Matcher command = COMMAND.matcher(line);
            if (command.matches() && !line.contains("COMMAND")) {
                found.add(command.group(1));
            }
        }
        return found;
    }

    /** Fails if picocli rejects the words, or if a value lacks its quotes. */
    private static void parses(String example) {
        CommandLine.ParseResult parsed = line().parseArgs(words(example).toArray(String[]::new));
        for (CommandLine.ParseResult each = parsed; each != null; each = each.subcommand()) {
            for (CommandLine.Model.PositionalParamSpec positional : each.matchedPositionals()) {
                assertThat(positional.originalStringValues())
                        .as("files, folders and names; a lone word is part of an unquoted value")
                        .allMatch(FILE_OR_NAME.asMatchPredicate());
            }
        }
    }

    private static List<String> words(String example) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(example);
        while (word.find() && !END.matcher(word.group()).matches()) {
            words.add(QUOTED.matcher(word.group())
                    .replaceAll(
                            found -> Matcher.quoteReplacement(Stream.of(found.group(1), found.group(2), found.group(3))
                                    .filter(part -> part != null)
                                    .findFirst()
                                    .orElse(""))));
        }
        return words;
    }
}
