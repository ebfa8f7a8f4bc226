// The default theme without its fonts: the site shows the fonts of the system.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
