package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFieldTest {
    @Test
    void aNumberIsAColumnAndAllElseAName() {
        assertThat(KeyField.parse("1")).isEqualTo(new KeyField.Column(1));
        assertThat(KeyField.parse("2147483647")).isEqualTo(new KeyField.Column(Integer.MAX_VALUE));
        assertThat(KeyField.parse("user")).isEqualTo(new KeyField.Member("user"));
        assertThat(KeyField.parse("1st")).isEqualTo(new KeyField.Member("1st"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+0", "2147483648", "99999999999999999999"})
    void refusesOtherNumbers(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyField.parse(text))
                .withMessage("must be 1 to 2147483647, or the name of a field of JSON objects, was \"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void refusesNothing(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyField.parse(text))
                .withMessage("must not be empty");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"1|a b c|a", "3|a b c|c", "1|a|a", "1|  a|a", "2|a   \tb |b", "2|a,b c|c"})
    void blanksSeparateColumns(int number, String line, String key) throws KeyField.NoKeyException {
        assertThat(keyOf(new KeyField.Column(number), line)).isEqualTo(key);
    }

    @Test
    void columnsAreBytes() throws KeyField.NoKeyException {
        KeyField first = new KeyField.Column(1);

        assertThat(first.keyOf(new byte[] {(byte) 0xE9, ' ', 'x'}))
                .isNotEqualTo(first.keyOf(new byte[] {(byte) 0xE8, ' ', 'x'}))
                .isEqualTo(first.keyOf(new byte[] {'\t', (byte) 0xE9}));
    }

    @ParameterizedTest
    @CsvSource({"2, a, 1", "4, ' a b  c ', 3", "1, '   ', 0"})
    void saysWhichColumnIsMissing(int number, String line, int fields) {
        assertThatExceptionOfType(KeyField.NoKeyException.class)
                .isThrownBy(() -> keyOf(new KeyField.Column(number), line))
                .withMessage("the line has no field " + number + " for --key-field, only " + fields);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"k\":\"v\"}|v",
                " { \"a\" : [1, {\"k\": 2}], \"b\": {\"k\": 3}, \"k\" : 4 } |4",
                "{\"k\":\"4\"}|4",
                "{\"k\":-1.50e3}|-1.50e3",
                "{\"k\":true}|true",
                "{\"k\":false}|false",
                "{\"k\":\"a\\u00e9\"}|aé",
                "{\"\\u006b\":1}|1",
                "{\"k\":1,\"k\":2}|1",
                "{\"k\":1, and it ends there|1",
            })
    void aMemberOfAnObject(String line, String key) throws KeyField.NoKeyException {
        assertThat(keyOf(new KeyField.Member("k"), line)).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{}|has no field \"k\" for --key-field",
                "{\"K\":1,\"a\":{\"k\":1}}|has no field \"k\" for --key-field",
                "{\"k\":null}|has null in field \"k\"; --key-field needs a string, a number, true or false there",
                "{\"k\":{}}|has an object in field \"k\"; --key-field needs a string, a number, true or false there",
                "{\"k\":[1]}|has an array in field \"k\"; --key-field needs a string, a number, true or false there",
                "[1]|is no JSON object, which --key-field k needs",
                "7|is no JSON object, which --key-field k needs",
            })
    void saysWhyAMemberIsNoKey(String line, String why) {
        assertThatExceptionOfType(KeyField.NoKeyException.class)
                .isThrownBy(() -> keyOf(new KeyField.Member("k"), line))
                .withMessage("the line " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "{\"a\"", "{\"k\":", "{\"k\":\"x", "{\"a\":1 \"k\":2}", "{k:1}"})
    void saysWhereJsonIsBroken(String line) {
        assertThatExceptionOfType(KeyField.NoKeyException.class)
                .isThrownBy(() -> keyOf(new KeyField.Member("k"), line))
                .withMessageStartingWith("the line is no JSON object, which --key-field k needs: ")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void deepLinesAreNoDanger() {
        String line = "{\"a\":" + "[".repeat(500_000);

        assertThatExceptionOfType(KeyField.NoKeyException.class)
                .isThrownBy(() -> keyOf(new KeyField.Member("k"), line))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    private static String keyOf(KeyField field, String line) throws KeyField.NoKeyException {
        return field.keyOf(line.getBytes(StandardCharsets.UTF_8));
    }
}
